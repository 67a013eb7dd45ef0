//! The languages in which the product itself speaks. What policies and courses are written in is data, by language tag.

use super::time::Day;

/// English or Spanish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    En,
    Es,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// The language tag: `en`, `es`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// The language's own name for itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Es => "Español",
        }
    }

    /// Reads a tag such as `es`, `es-MX` or `EN`; `None` for a language that the product doesn't speak.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.trim().split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "es" => Some(Self::Es),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that the product speaks.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut wanted: Vec<(f32, Self)> = header
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.split(';');
                let locale = Self::from_tag(pieces.next()?)?;
                let weight = pieces.find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.parse().ok())).unwrap_or(1.0);
                Some((weight, locale))
            })
            .collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted.first().map(|(_, locale)| *locale)
    }
}

/// Dates and numbers as the reader's language writes them (in the United States).
impl Locale {
    /// `Friday, September 18` or `viernes 18 de septiembre`.
    pub fn weekday_and_day(self, day: Day) -> String {
        let date = day.date();
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        match self {
            Self::En => format!("{}, {} {}", WEEKDAYS_EN[weekday], self.month(date.month()), date.day()),
            Self::Es => format!("{} {} de {}", WEEKDAYS_ES[weekday], date.day(), self.month(date.month())),
        }
    }

    /// `September 18, 2026` or `18 de septiembre de 2026`.
    pub fn day(self, day: Day) -> String {
        let date = day.date();
        match self {
            Self::En => format!("{} {}, {}", self.month(date.month()), date.day(), date.year()),
            Self::Es => format!("{} de {} de {}", date.day(), self.month(date.month()), date.year()),
        }
    }

    /// `September 18` or `18 de septiembre`.
    pub fn day_of_year(self, day: Day) -> String {
        let date = day.date();
        match self {
            Self::En => format!("{} {}", self.month(date.month()), date.day()),
            Self::Es => format!("{} de {}", date.day(), self.month(date.month())),
        }
    }

    fn month(self, month: i8) -> &'static str {
        let index = usize::try_from(month - 1).unwrap_or(0).min(11);
        match self {
            Self::En => MONTHS_EN[index],
            Self::Es => MONTHS_ES[index],
        }
    }

    /// `8:05 a.m.` or `8:05 a. m.`.
    pub fn time(self, (hour, minute): (i8, i8)) -> String {
        let half = match (self, hour < 12) {
            (Self::En, true) => " a.m.",
            (Self::En, false) => " p.m.",
            // With no-break spaces, so that none of it stands alone on a line.
            (Self::Es, true) => "\u{a0}a.\u{a0}m.",
            (Self::Es, false) => "\u{a0}p.\u{a0}m.",
        };
        let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
        format!("{hour}:{minute:02}{half}")
    }

    /// `28,905`; both languages write it so in the United States.
    pub fn number(self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut grouped = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        if number < 0 { format!("-{grouped}") } else { grouped }
    }

    /// Tenths of a percent as `98.6%`.
    pub fn per_mille(self, share: i64) -> String {
        format!("{}.{}%", share / 10, share % 10)
    }
}

const WEEKDAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const WEEKDAYS_ES: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
const MONTHS_EN: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const MONTHS_ES: [&str; 12] =
    ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];

#[cfg(test)]
mod tests {
    use super::{Day, Locale};

    #[test]
    fn dates_and_numbers_read_as_people_write_them() {
        let day = Day::of(2026, 9, 18).unwrap();
        assert_eq!(Locale::En.weekday_and_day(day), "Friday, September 18");
        assert_eq!(Locale::Es.weekday_and_day(day), "viernes 18 de septiembre");
        assert_eq!(Locale::En.number(-28_905), "-28,905");
        assert_eq!(Locale::En.time((0, 5)), "12:05 a.m.");
        assert_eq!(Locale::Es.time((17, 56)), "5:56\u{a0}p.\u{a0}m.");
    }

    #[test]
    fn a_browser_that_prefers_spanish_gets_spanish() {
        assert_eq!(Locale::from_accept_language("fr, es-MX;q=0.9, en;q=0.5"), Some(Locale::Es));
        assert_eq!(Locale::from_accept_language("de"), None);
    }
}
