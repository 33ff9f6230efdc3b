//! Sorting by orders that are not quite orders: kubectl compares keys and fields in ways that need not be transitive, for
//! which the standard library's sort may panic.

/// Sorts `items` stably by `less`, whatever it answers.
pub fn merge_sort<T: Clone>(items: &mut [T], less: &mut impl FnMut(&T, &T) -> bool) {
    let middle = items.len() / 2;
    if middle == 0 {
        return;
    }
    merge_sort(&mut items[..middle], less);
    merge_sort(&mut items[middle..], less);
    let left = items[..middle].to_vec();
    let mut left = left.into_iter().peekable();
    let (mut to, mut right) = (0, middle);
    while let Some(head) = left.peek() {
        if right < items.len() && less(&items[right], head) {
            items[to] = items[right].clone();
            right += 1;
        } else if let Some(head) = left.next() {
            items[to] = head;
        }
        to += 1;
    }
}
