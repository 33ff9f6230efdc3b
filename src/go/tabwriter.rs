//! Go's elastic tab stops (`text/tabwriter`): cells end at tabs, and a column is as wide as its widest cell in the lines
//! that follow each other and have it.

/// The measures of a layout.
#[derive(Debug, Clone, Copy)]
pub struct Tabs {
    /// The least width of a column, padding included.
    pub min_width: usize,
    /// Spaces behind the widest cell.
    pub padding: usize,
    /// Whether a column is never narrower than it was further up.
    pub remember: bool,
}

/// The layout of kubectl's tables.
pub const TABLE: Tabs = Tabs { min_width: 6, padding: 3, remember: true };
/// The layout of kubectl's descriptions.
pub const DESCRIPTION: Tabs = Tabs { min_width: 0, padding: 2, remember: false };

impl Tabs {
    /// Lays out `text`. The last cell of a line is no part of a column.
    pub fn align(self, text: &str) -> String {
        let lines: Vec<Vec<&str>> = text.split('\n').map(|line| line.split('\t').collect()).collect();
        let columns = lines.iter().map(Vec::len).max().unwrap_or(0).saturating_sub(1);
        let mut widths: Vec<Vec<usize>> = lines.iter().map(|cells| vec![0; cells.len() - 1]).collect();
        for column in 0..columns {
            let mut remembered = 0;
            let mut start = 0;
            while start < lines.len() {
                let block = widths[start..].iter().take_while(|line| line.len() > column).count();
                if block == 0 {
                    start += 1;
                    continue;
                }
                let cells = lines[start..start + block].iter().map(|cells| cells[column].chars().count());
                let mut width = self.min_width.max(cells.max().unwrap_or(0) + self.padding);
                if self.remember {
                    width = width.max(remembered);
                    remembered = width;
                }
                widths[start..start + block].iter_mut().for_each(|line| line[column] = width);
                start += block;
            }
        }
        let mut out = String::with_capacity(text.len() * 2);
        for (index, (cells, widths)) in lines.iter().zip(&widths).enumerate() {
            if index > 0 {
                out.push('\n');
            }
            for (column, cell) in cells.iter().enumerate() {
                out.push_str(cell);
                if let Some(width) = widths.get(column) {
                    out.extend(std::iter::repeat_n(' ', width - cell.chars().count()));
                }
            }
        }
        out
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
}
