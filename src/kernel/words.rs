//! The product's own words, in English and Spanish: Fluent files under `locales/`, one a room, compiled in. A missing message
//! shows its key, and a test sees that none is missing in either language.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use include_dir::{Dir, include_dir};

use super::Locale;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/locales");

type Bundle = FluentBundle<FluentResource>;

fn bundle(locale: Locale) -> &'static Bundle {
    static EN: OnceLock<Bundle> = OnceLock::new();
    static ES: OnceLock<Bundle> = OnceLock::new();
    match locale {
        Locale::En => EN.get_or_init(|| load(locale)),
        Locale::Es => ES.get_or_init(|| load(locale)),
    }
}

fn load(locale: Locale) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![locale.tag().parse().unwrap_or_default()]);
    // The marks around inserted text that Fluent adds by default are seen by some screen readers; names here stand in one script.
    bundle.set_use_isolating(false);
    for file in FILES.get_dir(locale.tag()).map(Dir::files).into_iter().flatten() {
        let resource = match FluentResource::try_new(file.contents_utf8().unwrap_or_default().to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                tracing::error!(file = %file.path().display(), ?errors, "a message file has mistakes");
                resource
            }
        };
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(file = %file.path().display(), ?errors, "a message is defined twice");
        }
    }
    bundle
}

/// The message of that key, without values.
pub fn say(locale: Locale, key: &str) -> String {
    say_with(locale, key, &[])
}

/// The message of that key, with its values.
pub fn say_with(locale: Locale, key: &str, values: &[(&str, Value)]) -> String {
    let bundle = bundle(locale);
    let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
        tracing::error!(key, locale = locale.tag(), "a message is missing");
        return key.to_owned();
    };
    let mut args = FluentArgs::new();
    for (name, value) in values {
        args.set(*name, value.0.clone());
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
    if !errors.is_empty() {
        tracing::error!(key, ?errors, "a message could not be filled in");
    }
    text
}

/// Something that a message can hold: a number (which chooses singular and plural) or a text.
#[derive(Debug, Clone)]
pub struct Value(FluentValue<'static>);

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self(FluentValue::from(number))
    }
}

impl From<&i64> for Value {
    fn from(number: &i64) -> Self {
        Self::from(*number)
    }
}

impl From<&&i64> for Value {
    fn from(number: &&i64) -> Self {
        Self::from(**number)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::from(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<&usize> for Value {
    fn from(number: &usize) -> Self {
        Self::from(*number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(FluentValue::String(Cow::Owned(text.to_owned())))
    }
}

impl From<&&str> for Value {
    fn from(text: &&str) -> Self {
        Self::from(*text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(FluentValue::String(Cow::Owned(text)))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&&String> for Value {
    fn from(text: &&String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Self {
        Self::from(text.as_ref())
    }
}

/// All keys of a language, for the test that compares them.
pub fn keys(locale: Locale) -> Vec<String> {
    let mut keys: Vec<String> = FILES
        .get_dir(locale.tag())
        .map(Dir::files)
        .into_iter()
        .flatten()
        .flat_map(|file| {
            file.contents_utf8().unwrap_or_default().lines().filter_map(|line| {
                let key = line.split_once('=')?.0.trim_end();
                (!key.is_empty()
                    && !line.starts_with([' ', '#', '.', '-', '*', '['])
                    && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
                .then(|| key.to_owned())
            })
        })
        .collect();
    keys.sort();
    keys
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_message_is_there_in_both_languages_once() {
        let (en, es) = (keys(Locale::En), keys(Locale::Es));
        assert_eq!(en.len(), en.iter().collect::<BTreeSet<_>>().len(), "an English message stands twice");
        assert_eq!(es.len(), es.iter().collect::<BTreeSet<_>>().len(), "a Spanish message stands twice");
        let english_alone: Vec<_> = en.iter().filter(|k| !es.contains(k)).collect();
        let spanish_alone: Vec<_> = es.iter().filter(|k| !en.contains(k)).collect();
        assert!(english_alone.is_empty() && spanish_alone.is_empty(), "only English: {english_alone:?}; only Spanish: {spanish_alone:?}");
    }

    #[test]
    fn every_message_that_a_page_asks_for_exists() {
        let known: BTreeSet<String> = keys(Locale::En).into_iter().collect();
        let mut missing = BTreeSet::new();
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
        let mut folders = vec![root];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "html" || e == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    for call in [".t(\"", ".tv(\"", "t!(shell, \"", "words::say(locale, \""] {
                        for part in text.split(call).skip(1) {
                            let key = part.split('"').next().unwrap();
                            if !known.contains(key) {
                                missing.insert(format!("{key} ({})", path.display()));
                            }
                        }
                    }
                }
            }
        }
        assert!(missing.is_empty(), "missing messages: {missing:#?}");
    }
}
