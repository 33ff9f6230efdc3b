//! What a run of a template may cost: a few characters can ask for any number of steps, and for any size.

/// The most that one run of a template may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Statements, operands and results that are looked at.
    pub steps: usize,
    /// Bytes of the output; and again as many of the texts that are made on the way to it.
    pub bytes: usize,
}

impl Default for Limits {
    /// Why: a list of 100,000 Secrets takes some millions of steps; what asks for more than these would run for minutes
    /// and take all memory, where kubectl does just that.
    fn default() -> Self {
        Self { steps: 50_000_000, bytes: 1 << 30 }
    }
}

/// What a run has left.
pub(crate) struct Budget {
    limits: Limits,
    /// `None` once too many were taken. Invariant: it stays so, since a filter takes any failure for "not found".
    steps: Option<usize>,
    bytes: usize,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, steps: Some(limits.steps), bytes: limits.bytes }
    }

    /// Takes steps.
    ///
    /// # Errors
    /// When there were fewer left.
    pub(crate) fn step(&mut self, count: usize) -> Result<(), String> {
        self.steps = self.steps.and_then(|left| left.checked_sub(count));
        match self.steps {
            Some(_) => Ok(()),
            None => Err(format!("it takes more than {} steps", self.limits.steps)),
        }
    }

    /// Counts bytes that were made.
    ///
    /// # Errors
    /// When there were fewer left.
    pub(crate) fn make(&mut self, count: usize) -> Result<(), String> {
        self.bytes = self.bytes.checked_sub(count).ok_or_else(|| self.too_large())?;
        Ok(())
    }

    /// How many bytes may still be made.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn too_large(&self) -> String {
        format!("it makes more than {} bytes", self.limits.bytes)
    }
}
