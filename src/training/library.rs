//! The courses that the product ships, and the check of a folder of such courses. A course is a folder; `courses/README.md`
//! describes the form.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use super::content::{Content, Text};
use super::parse::{Parsed, parse};
use crate::kernel::{Finding, Problem, Result, Severity};
use crate::policies::readability;

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/courses");

/// Of each course folder, its files by their path in it.
type Folders = BTreeMap<String, BTreeMap<String, String>>;

/// What the library holds, by topic and audience. A course with errors is left out; `check` names them, and a test holds that
/// there are none.
pub fn shipped() -> Vec<Content> {
    readable(&embedded())
}

fn readable(folders: &Folders) -> Vec<Content> {
    let mut courses: Vec<Content> = folders.iter().filter_map(|(slug, files)| parse(slug, files).content).collect();
    courses.sort_by_key(|c| (c.topic, c.audience));
    courses
}

/// One shipped course.
///
/// # Errors
/// `Invalid` for a slug that the library doesn't hold.
pub fn find(slug: &str) -> Result<Content> {
    let folders = embedded();
    let found = folders.get(slug).and_then(|files| parse(slug, files).content);
    found.ok_or_else(|| {
        let names: Vec<&str> = folders.keys().map(String::as_str).collect();
        Problem::invalid("slug", format!("the library has no course “{slug}”; it has {}", names.join(", ")))
    })
}

/// Checks the courses in a folder on disk, one folder each; findings carry paths below it.
///
/// # Errors
/// `Invalid` for a folder that can't be read.
pub fn check(dir: &Path) -> Result<Vec<Finding>> {
    Ok(findings(&folders_in(dir)?))
}

/// The courses in a folder on disk, by topic and audience; those with errors are left out, `check` names them.
///
/// # Errors
/// `Invalid` for a folder that can't be read.
pub fn read_all(dir: &Path) -> Result<Vec<Content>> {
    Ok(readable(&folders_in(dir)?))
}

fn folders_in(dir: &Path) -> Result<Folders> {
    let mut folders = Folders::new();
    for entry in std::fs::read_dir(dir).map_err(|e| unreadable(dir, &e))? {
        let path = entry?.path();
        if path.is_dir() {
            folders.insert(name_of(&path), files_in(&path)?);
        }
    }
    Ok(folders)
}

/// Checks the courses that are built into the program.
pub fn check_shipped() -> Vec<Finding> {
    findings(&embedded())
}

/// Reads one course folder on disk.
///
/// # Errors
/// `Invalid` with every mistake by file and line.
pub fn read(dir: &Path) -> Result<Content> {
    let dir = dir.canonicalize().map_err(|e| unreadable(dir, &e))?;
    let Parsed { content, findings } = parse(&name_of(&dir), &files_in(&dir)?);
    content.ok_or_else(|| {
        let said: Vec<String> = findings.iter().map(|f| format!("{}:{}: {}", f.file, f.line, f.text)).collect();
        Problem::invalid("course", said.join("\n"))
    })
}

fn findings(folders: &Folders) -> Vec<Finding> {
    let mut found = Vec::new();
    for (slug, files) in folders {
        let parsed = parse(slug, files);
        found.extend(parsed.findings);
        if let Some(content) = parsed.content {
            found.extend(hard_to_read(slug, &content));
        }
    }
    found
}

/// Texts that read above the course's ceiling: a hint, never a verdict.
fn hard_to_read(slug: &str, content: &Content) -> Vec<Finding> {
    let Some(ceiling) = content.reading_ceiling else { return Vec::new() };
    let mut hints = Vec::new();
    for (language, text) in &content.texts {
        let ceiling = readability::ceiling(language, ceiling);
        if let Some(grade) = grade(language, text).filter(|grade| *grade > ceiling) {
            hints.push(Finding {
                file: format!("{slug}/{language}"),
                line: 1,
                severity: Severity::Hint,
                text: format!(
                    "the lessons read at about grade {grade:.1}, above the ceiling of {ceiling}: shorter sentences and plainer words help"
                ),
            });
        }
    }
    hints
}

/// The grade at which a course reads in that language: all its lessons together, as a short one says little.
pub fn grade(language: &str, text: &Text) -> Option<f64> {
    readability::grade(language, &text.lessons.iter().map(|l| l.body.as_str()).collect::<Vec<_>>().join("\n\n"))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::invalid("dir", format!("{} can't be read: {error}. Is the path right?", path.display()))
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A course folder's own files and those of its language folders; hidden files, such as an editor's, are passed over.
fn files_in(dir: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(dir).map_err(|e| unreadable(dir, &e))? {
        let path = entry?.path();
        let name = name_of(&path);
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            for entry in std::fs::read_dir(&path).map_err(|e| unreadable(&path, &e))? {
                let file = entry?.path();
                if file.is_file() && !name_of(&file).starts_with('.') {
                    let source = text_of(&file)?;
                    files.insert(format!("{name}/{}", name_of(&file)), source);
                }
            }
        } else {
            files.insert(name, text_of(&path)?);
        }
    }
    Ok(files)
}

/// What isn't UTF-8 becomes U+FFFD, which the reader names by its line.
fn text_of(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(|e| unreadable(path, &e))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn embedded() -> Folders {
    fn gather(dir: &Dir<'_>, top: &Path, files: &mut BTreeMap<String, String>) {
        for entry in dir.entries() {
            match entry {
                DirEntry::Dir(inner) => gather(inner, top, files),
                DirEntry::File(file) => {
                    let path = file.path().strip_prefix(top).unwrap_or(file.path()).to_string_lossy().replace('\\', "/");
                    files.extend(file.contents_utf8().map(|text| (path, text.to_owned())));
                }
            }
        }
    }
    let mut folders = Folders::new();
    for dir in FOLDER.dirs() {
        gather(dir, dir.path(), folders.entry(name_of(dir.path())).or_default());
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Severity;

    /// What is said of a shipped course after some of its text was replaced.
    fn after(slug: &str, change: impl Fn(&mut BTreeMap<String, String>)) -> Vec<(String, usize, String)> {
        let mut files = embedded().remove(slug).unwrap();
        change(&mut files);
        parse(slug, &files).findings.into_iter().map(|f| (f.file, f.line, f.text)).collect()
    }

    fn edit(files: &mut BTreeMap<String, String>, path: &str, from: &str, to: &str) {
        let text = files.get_mut(path).unwrap();
        assert!(text.contains(from));
        *text = text.replacen(from, to, 1);
    }

    #[test]
    fn the_shipped_courses_have_no_mistakes() {
        let errors: Vec<Finding> = check_shipped().into_iter().filter(|f| f.severity == Severity::Error).collect();
        assert_eq!(errors, []);
        assert!(find("netiquette-6-8").unwrap().texts["en"].lessons.len() >= 3);
    }

    #[test]
    fn an_unknown_topic_is_named_by_its_line() {
        let said = after("netiquette-6-8", |files| edit(files, "course.toml", "topic = \"netiquette\"", "topic = \"manners\""));
        assert_eq!(said[0].0, "netiquette-6-8/course.toml");
        assert_eq!(said[0].1, 1);
        assert!(said[0].2.starts_with("unknown topic “manners”: write one of filtering, netiquette"));
    }

    #[test]
    fn two_languages_ask_the_same_questions() {
        let said = after("netiquette-6-8", |files| {
            edit(files, "es/questions.toml", "id = \"leave-chat\"", "id = \"salir\"");
        });
        let told: Vec<&str> = said.iter().map(|(.., text)| text.as_str()).collect();
        assert_eq!(told, ["the question “leave-chat” of en is missing in es", "the question “salir” isn't in en"]);
    }
}

#[cfg(test)]
mod reading_level {
    use super::*;

    #[test]
    fn a_course_that_reads_above_its_ceiling_gets_a_hint_and_no_error() {
        let mut course = find("filtering-9-12").unwrap();
        assert_eq!(hard_to_read(&course.slug(), &course), []);
        course.reading_ceiling = Some(0.5);
        let hints = hard_to_read(&course.slug(), &course);
        let told: Vec<(&str, bool)> = hints.iter().map(|h| (h.file.as_str(), h.text.contains("above the ceiling of 0.5"))).collect();
        // In Spanish no text is held to less than the scale's easiest band.
        assert_eq!(told, [("filtering-9-12/en", true), ("filtering-9-12/es", false)], "{hints:?}");
        assert!(hints.iter().all(|h| h.severity == Severity::Hint));
    }
}
