//! The filter in the least restrictive manner: a register of its rules, each with what it blocks for whom, on what basis, why nothing milder
//! would do, and when it is looked at again; and requests to open what it blocks, with a clock in business hours, a decision that always
//! has its reason, and an appeal to somebody else. Knows nothing of pages or mails, and no name of anybody who asks.

mod clock;
pub mod requests;
pub mod rules;
pub mod sheet;
mod store;

pub use clock::time_for;

use serde::{Deserialize, Serialize};

/// Makes a list of words of the register, each with the name under which it is stored and written in addresses.
macro_rules! word {
    ($(#[$doc:meta])* $type:ident { $($(#[$of:meta])* $variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        pub enum $type { $($(#[$of])* $variant),+ }

        impl $type {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.name() == name)
            }
        }
    };
}

word! {
    /// What a rule is about.
    TargetKind { Category = "category", Domain = "domain", Keyword = "keyword", App = "app" }
}
word! {
    /// What it does.
    Action { Block = "block", Warn = "warn", Allow = "allow", TimeLimited = "time_limited" }
}
word! {
    /// For whom it does so.
    Audience { Everybody = "everybody", Students = "students", Staff = "staff" }
}
word! {
    /// On whose devices.
    Device { Any = "any", District = "district", Personal = "personal", Guest = "guest" }
}
word! {
    /// Why there is such a rule at all. CIPA asks for a filter of *visual depictions* (47 USC 254(h)(5), (l)); text, ideas and social media
    /// are nobody's demand but a state's or the district's own.
    Basis { Cipa = "cipa", StateLaw = "state_law", Local = "local", Security = "security", Bandwidth = "bandwidth", Licence = "licence" }
}
word! {
    /// How soon an answer is needed.
    Urgency { CrisisHealth = "crisis_health", ClassToday = "class_today", Normal = "normal" }
}
word! {
    /// As what somebody asks.
    AskerRole { Student = "student", Staff = "staff" }
}
word! {
    /// For whom it is wanted open.
    Scope { Me = "me", Class = "class", School = "school", Everybody = "everybody" }
}
word! {
    /// Where a request stands. After the decision on its appeal it is granted or refused for good.
    State { Open = "open", Granted = "granted", Refused = "refused", Appealed = "appealed" }
}
word! {
    /// What a granted request does to the rules.
    RuleChange {
        None = "none",
        /// Another rule allows the address.
        Allow = "allow",
        /// The rule warns instead of blocking.
        Warn = "warn",
        /// The rule holds for fewer grades.
        Bands = "bands",
        /// The rule ends.
        End = "end",
    }
}

impl Basis {
    /// Whether law leaves the district no choice.
    pub fn is_law(self) -> bool {
        matches!(self, Self::Cipa | Self::StateLaw)
    }
}

/// The grades for which rules differ, as the shipped agreements have them.
pub const BANDS: [&str; 4] = ["K-2", "3-5", "6-8", "9-12"];

/// The band of a grade (CEDS: `KG`, `01` … `12`); `None` for a grade that is in none.
pub fn band(grade: &str) -> Option<&'static str> {
    let at = match grade {
        "PK" | "PR" | "TK" | "IT" | "KG" | "01" | "02" => 0,
        "03" | "04" | "05" => 1,
        "06" | "07" | "08" => 2,
        "09" | "10" | "11" | "12" | "13" => 3,
        _ => return None,
    };
    BANDS.get(at).copied()
}
