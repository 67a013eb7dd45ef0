//! Long lists come in pages, counted from 1.

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: i64,
    /// Rows on a page.
    pub size: i64,
}

impl Page {
    /// 50 rows to a page; what is below 1 counts as the first page.
    pub fn number(number: Option<i64>) -> Self {
        Self { number: number.unwrap_or(1).clamp(1, 1_000_000), size: 50 }
    }

    pub fn offset(self) -> i64 {
        (self.number - 1) * self.size
    }
}

/// One page of a list, and how long the whole is.
#[derive(Debug, Clone)]
pub struct PageOf<T> {
    pub rows: Vec<T>,
    pub page: Page,
    pub total: i64,
}

impl<T> PageOf<T> {
    pub fn last(&self) -> i64 {
        ((self.total + self.page.size - 1) / self.page.size).max(1)
    }

    pub fn previous(&self) -> Option<i64> {
        (self.page.number > 1).then(|| self.page.number - 1)
    }

    pub fn next(&self) -> Option<i64> {
        (self.page.number < self.last()).then(|| self.page.number + 1)
    }
}
