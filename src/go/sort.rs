//! Go's `sort.Sort`: a pattern-defeating quicksort with insertion sort for up to twelve elements.
//!
//! Why the same algorithm: it is not stable, and kubectl's comparisons are not total orders (an object without the
//! field is less than another one without it; `a1b` < `a9` < `a10` < `a1b`), so kubectl's output depends on it. The
//! standard library's sort may panic with such comparisons.

/// Up to this length, slices are sorted by insertion.
const MAX_INSERTION: usize = 12;
/// From this length on, the pivot is a median of medians, and single misplaced elements are moved.
const LONG: usize = 50;

/// What choosing a pivot has shown about a slice.
#[derive(PartialEq)]
enum Hint {
    Unknown,
    Increasing,
    Decreasing,
}

/// Sorts `items` as Go's `sort.Sort` does, whatever `less` returns.
pub fn go_sort<T>(items: &mut [T], less: &mut impl FnMut(&T, &T) -> bool) {
    let limit = usize::BITS - items.len().leading_zeros();
    let end = items.len();
    Sort { items, less }.quick(0, end, limit);
}

struct Sort<'s, T, L> {
    items: &'s mut [T],
    less: &'s mut L,
}

impl<T, L: FnMut(&T, &T) -> bool> Sort<'_, T, L> {
    fn less(&mut self, a: usize, b: usize) -> bool {
        (self.less)(&self.items[a], &self.items[b])
    }

    fn insertion(&mut self, a: usize, b: usize) {
        for i in a + 1..b {
            let mut j = i;
            while j > a && self.less(j, j - 1) {
                self.items.swap(j, j - 1);
                j -= 1;
            }
        }
    }

    /// Sorts the elements from `a` up to, not including, `b`; `limit` is how many bad pivots are allowed.
    fn quick(&mut self, mut a: usize, mut b: usize, mut limit: u32) {
        let (mut balanced, mut partitioned) = (true, true);
        loop {
            let length = b - a;
            if length <= MAX_INSERTION {
                return self.insertion(a, b);
            }
            if limit == 0 {
                return self.heap(a, b);
            }
            if !balanced {
                self.break_patterns(a, b);
                limit -= 1;
            }
            let (mut pivot, mut hint) = self.choose_pivot(a, b);
            if hint == Hint::Decreasing {
                self.items[a..b].reverse();
                pivot = (b - 1) - (pivot - a);
                hint = Hint::Increasing;
            }
            if balanced && partitioned && hint == Hint::Increasing && self.partial_insertion(a, b) {
                return;
            }
            if a > 0 && !self.less(a - 1, pivot) {
                a = self.partition_equal(a, b, pivot);
                continue;
            }
            let (middle, already) = self.partition(a, b, pivot);
            partitioned = already;
            let (left, right) = (middle - a, b - middle);
            balanced = left.min(right) >= length / 8;
            if left < right {
                self.quick(a, middle, limit);
                a = middle + 1;
            } else {
                self.quick(middle + 1, b, limit);
                b = middle;
            }
        }
    }

    /// Moves the elements less than the pivot before it; returns its position, and whether nothing had to be moved.
    fn partition(&mut self, a: usize, b: usize, pivot: usize) -> (usize, bool) {
        self.items.swap(a, pivot);
        let (mut i, mut j) = (a + 1, b - 1);
        let mut already = true;
        loop {
            while i <= j && self.less(i, a) {
                i += 1;
            }
            while i <= j && !self.less(j, a) {
                j -= 1;
            }
            if i > j {
                self.items.swap(j, a);
                return (j, already);
            }
            already = false;
            self.items.swap(i, j);
            i += 1;
            j -= 1;
        }
    }

    /// Moves the elements equal to the pivot to the front of a slice without smaller ones; returns where the others
    /// begin.
    fn partition_equal(&mut self, a: usize, b: usize, pivot: usize) -> usize {
        self.items.swap(a, pivot);
        let (mut i, mut j) = (a + 1, b - 1);
        loop {
            while i <= j && !self.less(a, i) {
                i += 1;
            }
            while i <= j && self.less(a, j) {
                j -= 1;
            }
            if i > j {
                return i;
            }
            self.items.swap(i, j);
            i += 1;
            j -= 1;
        }
    }

    /// Sorts a slice that is nearly sorted; returns `true` if it is sorted then.
    fn partial_insertion(&mut self, a: usize, b: usize) -> bool {
        const MAX_STEPS: usize = 5;
        let mut i = a + 1;
        for _ in 0..MAX_STEPS {
            while i < b && !self.less(i, i - 1) {
                i += 1;
            }
            if i == b {
                return true;
            }
            if b - a < LONG {
                return false;
            }
            self.items.swap(i, i - 1);
            if i - a >= 2 {
                // As in Go, this goes down to the first element of all, not of the slice.
                let mut j = i - 1;
                while j >= 1 && self.less(j, j - 1) {
                    self.items.swap(j, j - 1);
                    j -= 1;
                }
            }
            if b - i >= 2 {
                let mut j = i + 1;
                while j < b && self.less(j, j - 1) {
                    self.items.swap(j, j - 1);
                    j += 1;
                }
            }
        }
        false
    }

    /// Swaps three elements, chosen by the length of the slice only.
    fn break_patterns(&mut self, a: usize, b: usize) {
        let length = b - a;
        let mut random = length as u64;
        let mask = (1_u64 << (u64::BITS - random.leading_zeros())) - 1;
        let index = a + (length / 4) * 2 - 1;
        for i in 0..3 {
            // As in Go since 1.24; before, it shifted by 13, 17 and 5.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let mut other = (random & mask) as usize;
            if other >= length {
                other -= length;
            }
            self.items.swap(index + i, a + other);
        }
    }

    fn choose_pivot(&mut self, a: usize, b: usize) -> (usize, Hint) {
        const MAX_SWAPS: usize = 12;
        let quarter = (b - a) / 4;
        let (mut i, mut j, mut k) = (a + quarter, a + quarter * 2, a + quarter * 3);
        let mut swaps = 0;
        if b - a >= LONG {
            i = self.median(i - 1, i, i + 1, &mut swaps);
            j = self.median(j - 1, j, j + 1, &mut swaps);
            k = self.median(k - 1, k, k + 1, &mut swaps);
        }
        j = self.median(i, j, k, &mut swaps);
        match swaps {
            0 => (j, Hint::Increasing),
            MAX_SWAPS => (j, Hint::Decreasing),
            _ => (j, Hint::Unknown),
        }
    }

    fn median(&mut self, a: usize, b: usize, c: usize, swaps: &mut usize) -> usize {
        let (a, b) = self.ordered(a, b, swaps);
        let (b, _) = self.ordered(b, c, swaps);
        let (_, b) = self.ordered(a, b, swaps);
        b
    }

    fn ordered(&mut self, a: usize, b: usize, swaps: &mut usize) -> (usize, usize) {
        if self.less(b, a) {
            *swaps += 1;
            (b, a)
        } else {
            (a, b)
        }
    }

    fn heap(&mut self, a: usize, b: usize) {
        let length = b - a;
        for i in (0..=(length - 1) / 2).rev() {
            self.sift_down(i, length, a);
        }
        for i in (0..length).rev() {
            self.items.swap(a, a + i);
            self.sift_down(0, i, a);
        }
    }

    fn sift_down(&mut self, mut root: usize, end: usize, first: usize) {
        loop {
            let mut child = 2 * root + 1;
            if child >= end {
                return;
            }
            if child + 1 < end && self.less(first + child, first + child + 1) {
                child += 1;
            }
            if !self.less(first + root, first + child) {
                return;
            }
            self.items.swap(first + root, first + child);
            root = child;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn sorts(mut numbers in prop::collection::vec(0..40_u8, 0..300)) {
            let mut want = numbers.clone();
            want.sort_unstable();
            go_sort(&mut numbers, &mut |a, b| a < b);
            prop_assert_eq!(numbers, want);
        }

        /// Whatever the comparison returns, every element is still there.
        #[test]
        fn survives_nonsense(length in 0..200_usize, answers in prop::collection::vec(any::<bool>(), 1..50)) {
            let mut numbers: Vec<usize> = (0..length).collect();
            let mut answers = answers.iter().cycle();
            go_sort(&mut numbers, &mut |_, _| *answers.next().unwrap_or(&true));
            numbers.sort_unstable();
            prop_assert!(numbers.into_iter().eq(0..length));
        }
    }

    #[test]
    fn sorted_and_reversed_ones_too() {
        for length in [0, 1, 2, 12, 13, 49, 50, 51, 1000] {
            let mut up: Vec<usize> = (0..length).collect();
            let mut down: Vec<usize> = (0..length).rev().collect();
            for numbers in [&mut up, &mut down] {
                go_sort(numbers, &mut |a, b| a < b);
                assert!(numbers.iter().copied().eq(0..length));
            }
        }
    }
}
