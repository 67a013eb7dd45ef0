//! By when a request is to be decided: in business hours of the district, by urgency and by who asks. The times are those that districts
//! have been seen to hold themselves to; no law sets them.

use super::{AskerRole, Urgency};
use crate::roster::Calendar;

/// How many minutes of business a first decision may take: four hours about a crisis, health, legal help or a lesson of today; otherwise a
/// day for staff, two for students.
pub fn time_for(calendar: &Calendar, role: AskerRole, urgency: Urgency) -> i64 {
    match (urgency, role) {
        (Urgency::CrisisHealth | Urgency::ClassToday, _) => 4 * 60,
        (Urgency::Normal, AskerRole::Staff) => calendar.business_day(),
        (Urgency::Normal, AskerRole::Student) => 2 * calendar.business_day(),
    }
}

/// An appeal may take five days of business; about a crisis it is as urgent as the request was.
pub fn time_for_appeal(calendar: &Calendar, urgency: Urgency) -> i64 {
    if urgency == Urgency::CrisisHealth { 4 * 60 } else { 5 * calendar.business_day() }
}
