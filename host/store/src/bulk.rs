//! Statements over many rows.
//!
//! A statement with a row of placeholders for each value is the one form that both databases read. Its text depends on
//! the number of rows, so a run of rows is cut into pieces of few sizes, and each size keeps its prepared statement.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

/// Rows in a piece, the largest first. SQLite looks each placeholder up in a list of them all, so that larger pieces cost
/// more than they save.
const SIZES: [usize; 4] = [32, 8, 2, 1];

/// The texts of one statement for each size.
pub(crate) struct Bulk {
    texts: [(usize, SqlStr); 4],
}

impl Bulk {
    /// `before` ends with "VALUES "; each `?` of `row` becomes the next numbered placeholder; `after` follows the rows.
    pub(crate) fn new(before: &str, row: &str, after: &str) -> Bulk {
        let texts = SIZES.map(|rows| (rows, AssertSqlSafe(text(before, row, after, rows)).into_sql_str()));
        Bulk { texts }
    }

    /// The statement for one row.
    pub(crate) fn one(&self) -> &str {
        let [.., (_, one)] = &self.texts;
        one.as_str()
    }

    /// Cuts `rows` into pieces, each with its statement.
    pub(crate) fn pieces<'a, T>(&'a self, mut rows: &'a [T]) -> impl Iterator<Item = (SqlStr, &'a [T])> {
        std::iter::from_fn(move || {
            let (size, text) = self.texts.iter().find(|(size, _)| *size <= rows.len())?;
            let (piece, rest) = rows.split_at(*size);
            rows = rest;
            Some((text.clone(), piece))
        })
    }
}

fn text(before: &str, row: &str, after: &str, rows: usize) -> String {
    let mut sql = before.to_owned();
    let mut placeholder = 0;
    for number in 0..rows {
        if number > 0 {
            sql.push_str(", ");
        }
        for (index, part) in row.split('?').enumerate() {
            if index > 0 {
                placeholder += 1;
                let _ = write!(sql, "${placeholder}");
            }
            sql.push_str(part);
        }
    }
    sql.push_str(after);
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_the_placeholders_of_all_rows() {
        assert_eq!(
            text("INSERT INTO t VALUES ", "(?, 'x', ?)", " RETURNING a", 2),
            "INSERT INTO t VALUES ($1, 'x', $2), ($3, 'x', $4) RETURNING a"
        );
    }

    #[test]
    fn pieces_cover_every_row_once_in_order() {
        let bulk = Bulk::new("VALUES ", "(?)", "");
        let rows: Vec<usize> = (0..77).collect();
        let pieces: Vec<&[usize]> = bulk.pieces(&rows).map(|(_, piece)| piece).collect();
        assert_eq!(pieces.iter().map(|piece| piece.len()).collect::<Vec<_>>(), [32, 32, 8, 2, 2, 1]);
        assert_eq!(pieces.concat(), rows);
    }
}
