//! A batch as its pages send it, and what the clerk means by it: which forms are taken, which are left out, and what each of them says.

use std::collections::HashMap;

use rocket::FromForm;
use serde::{Deserialize, Serialize};

use crate::acknowledgments::paper::{Filled, Sheet};
use crate::kernel::Day;

/// What is ticked and written for one form.
#[derive(Debug, Clone, Default, FromForm, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// `yes` or `no`, for a document without consents.
    #[field(default = String::new())]
    pub agrees: String,
    /// Each consent's id with `yes` or `no`.
    #[field(default = HashMap::new())]
    pub choice: HashMap<String, String>,
    #[field(default = String::new())]
    pub reason: String,
    #[field(default = String::new())]
    pub signed_name: String,
    #[field(default = String::new())]
    pub signed_day: String,
    /// Left out of this batch.
    #[field(default = false)]
    pub skip: bool,
}

impl Row {
    fn is_untouched(&self) -> bool {
        self.agrees.is_empty() && self.choice.is_empty()
    }
}

/// A batch, as each of its pages carries it on.
#[derive(Debug, Clone, Default, FromForm, Serialize, Deserialize)]
#[serde(default)]
pub struct Batch {
    /// Lines still to be looked at, and those that could not be taken.
    #[field(default = String::new())]
    pub codes: String,
    /// The codes that were found, in their order.
    #[field(default = Vec::new())]
    pub order: Vec<String>,
    #[field(default = HashMap::new())]
    pub rows: HashMap<String, Row>,
    /// The rows are a list of all that is out, not forms that lie on the desk: what isn't ticked isn't back.
    #[field(default = false)]
    pub list: bool,
    /// `yes`: each form says yes to everything, but for what is ticked otherwise; `each`: each form is ticked.
    #[field(default = String::new())]
    pub all: String,
    #[field(default = String::new())]
    pub signed_day: String,
    /// `look` or `preview`.
    #[field(default = String::new())]
    #[serde(skip)]
    pub act: String,
    /// The batch as the preview carries it; it takes the place of all else.
    #[field(default = String::new())]
    #[serde(skip)]
    pub carried: String,
}

/// What becomes of a form.
pub enum Meant {
    LeftOut,
    /// To be kept, where nothing is wrong with it.
    Taken(Filled),
    /// The day can't be read.
    NoDay,
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

impl Batch {
    /// The batch that a preview carries.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// All lines: what was found before, then what was typed.
    pub fn lines(&self) -> Vec<String> {
        self.order.iter().map(String::as_str).chain(self.codes.lines()).map(str::to_owned).collect()
    }

    pub fn row(&self, code: &str) -> Row {
        self.rows.get(code).cloned().unwrap_or_default()
    }

    /// What the clerk means for this form.
    pub fn meant(&self, sheet: &Sheet, today: Day) -> Meant {
        let row = self.row(&sheet.code);
        if row.skip || (self.list && self.all != "yes" && row.is_untouched()) {
            return Meant::LeftOut;
        }
        filled(sheet, &row, self.all == "yes", &self.signed_day, today)
    }
}

/// What one form says; what isn't ticked is a yes where `yes` says so. Without another name it is signed by whom it names.
pub fn filled(sheet: &Sheet, row: &Row, yes: bool, signed_day: &str, today: Day) -> Meant {
    let otherwise = yes.then_some(true);
    let signed = [row.signed_day.as_str(), signed_day].into_iter().find(|day| !day.trim().is_empty());
    let Some(signed_day) = signed.map_or(Some(today), Day::parse_iso) else { return Meant::NoDay };
    let choices = sheet.text.consents.iter().filter_map(|consent| {
        let said = row.choice.get(&consent.id).and_then(|text| yes_or_no(text)).or(otherwise)?;
        Some((consent.id.clone(), said))
    });
    let name = row.signed_name.trim();
    Meant::Taken(Filled {
        code: sheet.code.clone(),
        agrees: if sheet.asks_several() { None } else { yes_or_no(&row.agrees).or(otherwise) },
        choices: choices.collect(),
        reason: row.reason.clone(),
        signed_name: if name.is_empty() { sheet.name.clone() } else { name.to_owned() },
        signed_day,
    })
}
