//! Limits on templates, because a few characters of a template can demand any number of steps and any size.

/// The limits on one execution of a template.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Statements, operands and results that are visited.
    pub steps: usize,
    /// Bytes of the output, and as many again of intermediate strings.
    pub bytes: usize,
}

impl Default for Limits {
    /// Why: a list of 100,000 Secrets takes some millions of steps. A template that takes more than this limit would
    /// run for minutes and use all memory, as it does in kubectl.
    fn default() -> Self {
        Self { steps: 50_000_000, bytes: 1 << 30 }
    }
}

/// What is left of the limits in one execution.
pub(crate) struct Budget {
    limits: Limits,
    /// `None` once the limit was exceeded. Invariant: it stays `None`, because a filter treats every error as "not
    /// found" and would continue.
    steps: Option<usize>,
    bytes: usize,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, steps: Some(limits.steps), bytes: limits.bytes }
    }

    /// Counts steps.
    ///
    /// # Errors
    /// If the limit is exceeded.
    pub(crate) fn step(&mut self, count: usize) -> Result<(), String> {
        self.steps = self.steps.and_then(|left| left.checked_sub(count));
        match self.steps {
            Some(_) => Ok(()),
            None => Err(format!("it takes more than {} steps", self.limits.steps)),
        }
    }

    /// Counts bytes of a string that was made.
    ///
    /// # Errors
    /// If the limit is exceeded.
    pub(crate) fn make(&mut self, count: usize) -> Result<(), String> {
        self.bytes = self.bytes.checked_sub(count).ok_or_else(|| self.too_large())?;
        Ok(())
    }

    /// Returns how many more bytes may be made.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn too_large(&self) -> String {
        format!("it makes more than {} bytes", self.limits.bytes)
    }
}
