//! What the texts cover: the reading level of each in each language, which text answers which legal element, and which course there is for
//! which topic and audience.

use std::fmt;

use serde::Serialize;

use crate::policies::library::Shipped;
use crate::policies::{elements, readability};
use crate::training::content::{Audience, Topic};
use crate::training::{Content, library};

/// A text in one language: the US school grade at which it reads, and the one under which it should stay.
#[derive(Debug, Serialize)]
struct Reading {
    language: String,
    grade: Option<f64>,
    ceiling: Option<f64>,
}

impl Reading {
    fn of(language: &str, grade: Option<f64>, ceiling: Option<f64>) -> Self {
        Self { language: language.to_owned(), grade, ceiling: ceiling.map(|ceiling| readability::ceiling(language, ceiling)) }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grade = self.grade.map_or_else(|| "?".to_owned(), |grade| format!("{grade:.1}"));
        match self.ceiling {
            Some(ceiling) => write!(f, "{} {grade} of {ceiling}", self.language),
            None => write!(f, "{} {grade}", self.language),
        }
    }
}

#[derive(Debug, Serialize)]
struct Policy {
    slug: String,
    readings: Vec<Reading>,
    clauses: usize,
    /// What a district has to fill in before it can adopt the text.
    blanks: usize,
}

#[derive(Debug, Serialize)]
struct Course {
    slug: String,
    topic: Topic,
    audience: Audience,
    readings: Vec<Reading>,
    lessons: usize,
    questions: usize,
}

/// Which texts speak of a legal element: policies by their clauses, courses as a whole. That they speak of it says nothing of the law being
/// met.
#[derive(Debug, Serialize)]
struct Coverage {
    element: &'static str,
    policies: Vec<String>,
    courses: usize,
}

#[derive(Debug, Serialize)]
pub struct Overview {
    policies: Vec<Policy>,
    courses: Vec<Course>,
    elements: Vec<Coverage>,
}

impl Overview {
    pub fn of(policies: &[Shipped], courses: &[Content]) -> Self {
        let coverage = |element: &'static elements::Element| Coverage {
            element: &element.id,
            policies: policies.iter().filter(|policy| answers(policy, &element.id)).map(|policy| policy.slug.clone()).collect(),
            courses: courses.iter().filter(|course| course.elements.contains(&element.id)).count(),
        };
        Self {
            policies: policies.iter().map(policy).collect(),
            courses: courses.iter().map(course).collect(),
            elements: elements::all().iter().map(coverage).collect(),
        }
    }

    /// The languages of the course on that topic for that audience; empty where there is none.
    fn cell(&self, topic: Topic, audience: Audience) -> String {
        let languages = |course: &Course| course.readings.iter().map(|r| r.language.clone()).collect::<Vec<_>>().join("+");
        self.courses.iter().find(|course| course.topic == topic && course.audience == audience).map(languages).unwrap_or_default()
    }
}

fn answers(policy: &Shipped, element: &str) -> bool {
    policy.documents.values().any(|document| document.text.clauses().any(|clause| clause.elements.iter().any(|own| own == element)))
}

fn policy(policy: &Shipped) -> Policy {
    let readings = policy.documents.iter().map(|(language, document)| {
        Reading::of(language, readability::grade(language, &document.text.running()), document.reading_ceiling)
    });
    let first = policy.documents.values().next();
    Policy {
        slug: policy.slug.clone(),
        readings: readings.collect(),
        clauses: first.map_or(0, |document| document.text.clauses().count()),
        blanks: first.map_or(0, |document| document.text.blanks().len()),
    }
}

fn course(course: &Content) -> Course {
    let readings =
        course.texts.iter().map(|(language, text)| Reading::of(language, library::grade(language, text), course.reading_ceiling));
    let first = course.texts.values().next();
    Course {
        slug: course.slug(),
        topic: course.topic,
        audience: course.audience,
        readings: readings.collect(),
        lessons: first.map_or(0, |text| text.lessons.len()),
        questions: first.map_or(0, |text| text.questions.len()),
    }
}

fn joined(readings: &[Reading]) -> String {
    readings.iter().map(Reading::to_string).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Overview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{} policies: reading level as a US school grade, of at most", self.policies.len())?;
        for policy in &self.policies {
            writeln!(f, "  {:24} {:3} clauses, {:2} blanks; {}", policy.slug, policy.clauses, policy.blanks, joined(&policy.readings))?;
        }
        writeln!(f, "\n{} courses", self.courses.len())?;
        for course in &self.courses {
            writeln!(f, "  {:26} {} lessons, {:2} questions; {}", course.slug, course.lessons, course.questions, joined(&course.readings))?;
        }
        writeln!(f, "\nLegal elements, and the texts that speak of them")?;
        for coverage in &self.elements {
            let courses = if coverage.courses == 0 { String::new() } else { format!("; {} courses", coverage.courses) };
            let policies = if coverage.policies.is_empty() { "no policy".to_owned() } else { coverage.policies.join(", ") };
            writeln!(f, "  {:15} {policies}{courses}", coverage.element)?;
        }
        writeln!(f, "\nCourses by topic and audience")?;
        let cells = |name: &str, cell: &dyn Fn(Audience) -> String| {
            let line = Audience::ALL.into_iter().fold(format!("  {name:21}"), |line, audience| format!("{line}{:11}", cell(audience)));
            line.trim_end().to_owned()
        };
        writeln!(f, "{}", cells("", &|audience| audience.name().to_owned()))?;
        for topic in Topic::ALL {
            writeln!(f, "{}", cells(topic.name(), &|audience| self.cell(topic, audience)))?;
        }
        Ok(())
    }
}
