//! The legal elements that a clause can answer: data in `elements.toml`, never code. An element that a clause names shows where
//! the policy speaks of it; it never says that the law is met.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// One legal element.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// `CIPA-ISP-1` and the like.
    pub id: String,
    /// `policy_element`, `technology`, `procedure`, `governance`, `filing`, `records`, `alternate_trigger`.
    pub kind: String,
    /// What it asks, paraphrased.
    pub text: String,
    pub citation: String,
    /// Slugs of the policies that must have a clause for it.
    #[serde(default)]
    pub required: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    element: Vec<Element>,
}

static ELEMENTS: LazyLock<Vec<Element>> = LazyLock::new(|| {
    // A broken file is found by the test below, long before it ships.
    toml::from_str::<File>(include_str!("elements.toml")).map(|file| file.element).unwrap_or_default()
});

/// All known elements, in the order of the file.
pub fn all() -> &'static [Element] {
    &ELEMENTS
}

pub fn find(id: &str) -> Option<&'static Element> {
    all().iter().find(|e| e.id == id)
}

/// The elements that this policy must answer before it can be adopted; empty for most.
pub fn required_of(slug: &str) -> Vec<&'static Element> {
    all().iter().filter(|e| e.required.iter().any(|r| r == slug)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_internet_safety_policy_must_answer_five_elements_monitoring_and_education() {
        let ids: Vec<&str> = super::required_of("internet-safety").iter().map(|e| e.id.as_str()).collect();
        assert_eq!(ids, ["CIPA-ISP-1", "CIPA-ISP-2", "CIPA-ISP-3", "CIPA-ISP-4", "CIPA-ISP-5", "CIPA-MON", "CIPA-EDU"]);
        assert_eq!(super::all().len(), 19);
    }
}
