//! Elastic tab stops, as Go's `text/tabwriter`: cells end at tabs, and a column is as wide as its widest cell in the
//! consecutive lines that have it.

/// The parameters of a layout.
#[derive(Debug, Clone, Copy)]
pub struct Tabs {
    /// The minimal width of a column, with padding.
    pub min_width: usize,
    /// The number of spaces after the widest cell.
    pub padding: usize,
    /// Whether a column is never narrower than it was in earlier lines (`RememberWidths` of kubectl's fork).
    pub remember: bool,
}

/// The layout of kubectl's tables.
pub const TABLE: Tabs = Tabs { min_width: 6, padding: 3, remember: true };
/// The layout of kubectl's descriptions.
pub const DESCRIPTION: Tabs = Tabs { min_width: 0, padding: 2, remember: false };

/// The largest text that is aligned, in bytes. Why: one wide cell makes each line of its column as wide, so a text of
/// 256 KiB, which annotations may have, could become one of gigabytes.
const LARGEST: usize = 256 << 20;

impl Tabs {
    /// Aligns `text`. The last cell of a line is not part of a column. A text that would become larger than [`LARGEST`]
    /// is not aligned: each cell is followed by the padding only.
    pub fn align(self, text: &str) -> String {
        let lines: Vec<Vec<&str>> = text.split('\n').map(|line| line.split('\t').collect()).collect();
        let widths = self.widths(&lines);
        let size = widths.iter().flatten().fold(text.len(), |sum, width| sum.saturating_add(*width));
        let mut out = String::with_capacity((text.len() * 2).min(size));
        for (index, (cells, widths)) in lines.iter().zip(&widths).enumerate() {
            if index > 0 {
                out.push('\n');
            }
            for (column, cell) in cells.iter().enumerate() {
                out.push_str(cell);
                if let Some(width) = widths.get(column) {
                    let rest = if size > LARGEST { self.padding } else { width - cell.chars().count() };
                    out.extend(std::iter::repeat_n(' ', rest));
                }
            }
        }
        out
    }

    /// Returns the widths of the cells of each line, in characters.
    fn widths(self, lines: &[Vec<&str>]) -> Vec<Vec<usize>> {
        let mut widths: Vec<Vec<usize>> = lines.iter().map(|cells| vec![0; cells.len() - 1]).collect();
        // Why: only the lines with the column are visited, so the time is proportional to the number of cells.
        let mut with_column: Vec<usize> = (0..lines.len()).collect();
        for column in 0.. {
            with_column.retain(|line| widths[*line].len() > column);
            if with_column.is_empty() {
                break;
            }
            let mut remembered = 0;
            for block in with_column.chunk_by(|one, next| one + 1 == *next) {
                let cells = block.iter().map(|line| lines[*line][column].chars().count());
                let mut width = self.min_width.max(cells.max().unwrap_or(0) + self.padding);
                if self.remember {
                    width = width.max(remembered);
                    remembered = width;
                }
                block.iter().for_each(|line| widths[*line][column] = width);
            }
        }
        widths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_end_where_a_line_has_no_such_cell() {
        assert_eq!(
            DESCRIPTION.align("Name:\ta\nLabels:\tx\n\nType:\tb\nData\nlonger:\tc\td\n"),
            "Name:    a\nLabels:  x\n\nType:  b\nData\nlonger:  c  d\n"
        );
    }

    #[test]
    fn tables_are_at_least_six_wide_and_the_last_cell_is_not_padded() {
        assert_eq!(TABLE.align("A\tB\té☃\n1\t\tx\n12345\t\t\n"), "A       B     é☃\n1             x\n12345         \n");
    }

    #[test]
    fn remembered_widths_only_grow() {
        assert_eq!(TABLE.align("aaaaaaa\tb\n\nc\td"), "aaaaaaa   b\n\nc         d");
    }

    #[test]
    fn a_wide_cell_does_not_make_a_text_of_gigabytes() {
        let text = format!("{}\tx\n{}", "w".repeat(20_000), "a\tb\n".repeat(20_000));
        let aligned = DESCRIPTION.align(&text);
        assert!(aligned.len() < 1 << 20 && aligned.ends_with("\na  b\n"), "{} bytes", aligned.len());
    }

    #[test]
    fn many_columns_and_many_lines_are_not_multiplied() {
        let text = format!("{}\n{}", "\t".repeat(200_000), "\n".repeat(200_000));
        assert_eq!(DESCRIPTION.align(&text).len(), text.len() + 200_000, "a tab becomes two spaces");
    }
}
