//! The first page: what is yours to do.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};

use super::answer::{Answer, Html, page};
use super::audit;
use super::classes;
use super::desk::Member;
use super::shell::Shell;
use super::teaching;
use super::today;
use crate::acknowledgments;
use crate::kernel::Day;
use crate::obligations::duties::TAKEN_BACK;
use crate::obligations::{State, tasks};

/// A task as the page shows it.
struct TaskView {
    href: String,
    title: String,
    /// The child for whom a guardian answers; empty for one's own tasks.
    child: String,
    state: &'static str,
    state_text: String,
    due_text: String,
    act: String,
    done: bool,
    late: bool,
    /// Can't be answered yet.
    ahead: bool,
}

/// The open tasks of one person: the reader, or one of the reader's children.
struct Group {
    heading: Option<String>,
    tasks: Vec<TaskView>,
}

#[derive(Template)]
#[template(path = "tasks.html")]
struct TasksPage {
    shell: Shell,
    given: String,
    open: usize,
    minutes: i64,
    groups: Vec<Group>,
    /// How many of the groups, the first ones, hold what is late.
    late: usize,
    done: Vec<TaskView>,
    /// Classes of the reader with children who are still to answer.
    classes: Vec<classes::Line>,
    /// Classes of the reader that have a course to do.
    lessons: Vec<teaching::Line>,
}

#[get("/")]
async fn first_page(member: Member<'_>) -> Answer<Html> {
    if today::is_for(member) {
        return today::today(member).await;
    }
    tasks_page(member).await
}

#[get("/tasks")]
async fn list(member: Member<'_>) -> Answer<Html> {
    tasks_page(member).await
}

async fn tasks_page(member: Member<'_>) -> Answer<Html> {
    let mut tx = member.read().await?;
    let all = tasks::of(&mut tx, member.actor).await?;
    let chosen = acknowledgments::choices(&mut tx, member.actor).await?;
    let shell = member.shell(member.t("nav-tasks"));
    let classes = classes::waiting(&mut tx, member, &shell).await?;
    let lessons = teaching::waiting(&mut tx, member, &shell).await?;
    let today = shell.today;
    let (open, done): (Vec<_>, Vec<_>) = all.iter().partition(|t| t.state == State::Open);
    let mut groups: Vec<Group> = Vec::new();
    let mut late = 0;
    // What is late has groups of its own, which stand first.
    for (is_late, task) in
        [true, false].into_iter().flat_map(|late| open.iter().filter(move |t| t.is_late(today) == late).map(move |t| (late, t)))
    {
        let heading = task.is_for_a_child().then(|| shell.tvv("tasks-for-child", "name", &task.about_name, "school", &task.school));
        let view = view(&shell, task, None);
        match groups.iter_mut().skip(if is_late { 0 } else { late }).find(|g| g.heading == heading) {
            Some(group) => group.tasks.push(view),
            None => groups.push(Group { heading, tasks: vec![view] }),
        }
        if is_late {
            late = groups.len();
        }
    }
    page(&TasksPage {
        given: member.actor.name.split_whitespace().next().unwrap_or_default().to_owned(),
        open: open.len(),
        minutes: open.iter().map(|t| t.minutes).sum(),
        groups,
        late,
        done: done.iter().map(|t| view(&shell, t, chosen.get(&(t.subject_id, t.about)).copied())).collect(),
        classes,
        lessons,
        shell,
    })
}

/// `chosen`: how many questions of a consent form were answered yes and no.
fn view(shell: &Shell, task: &tasks::Task, chosen: Option<(i64, i64)>) -> TaskView {
    let today: Day = shell.today;
    let late = task.is_late(today);
    let closed = task.closed.map(|d| shell.locale.day_of_year(d)).unwrap_or_default();
    let (state, state_text) = match task.state {
        State::Open if task.is_ahead(today) => {
            ("wait", shell.tv("tasks-opens", "day", shell.locale.weekday_and_day(task.opens.unwrap_or(today))))
        }
        State::Open if late => ("late", shell.tv("tasks-was-due", "day", shell.locale.day_of_year(task.due))),
        State::Open if task.due == today => ("wait", shell.t("tasks-due-today")),
        State::Open => ("open", shell.t("state-open")),
        State::Declined if task.reason.as_deref() == Some(TAKEN_BACK) => ("wait", shell.tv("tasks-taken-back", "day", closed)),
        State::Fulfilled | State::Declined if task.subject_kind == "policy" && chosen.is_some() => {
            let (yes, no) = chosen.unwrap_or_default();
            (
                if task.state == State::Fulfilled { "done" } else { "wait" },
                shell.tvvv("tasks-answered", "yes", yes, "no", no, "day", closed),
            )
        }
        State::Fulfilled => {
            ("done", shell.tv(if task.subject_kind == "policy" { "tasks-agreed" } else { "tasks-completed" }, "day", closed))
        }
        State::Declined => ("wait", shell.tv("tasks-declined", "day", closed)),
        State::Exempt => ("aside", audit::exempt_words(shell, task.reason.as_deref())),
    };
    let done = task.state != State::Open;
    let act = match (task.subject_kind.as_str(), done) {
        ("policy", false) => "tasks-read-and-answer",
        ("policy", true) => "tasks-see-answer",
        (_, false) => "tasks-take-course",
        (_, true) => "tasks-see-course",
    };
    TaskView {
        href: format!("/tasks/{}/{}", task.requirement, task.about_uid),
        title: task.title.clone(),
        child: if task.is_for_a_child() { task.about_name.clone() } else { String::new() },
        state,
        state_text,
        due_text: if done {
            String::new()
        } else {
            let key = if late { "tasks-about" } else { "tasks-due" };
            shell.tvv(key, "day", shell.locale.weekday_and_day(task.due), "minutes", task.minutes)
        },
        act: shell.t(act),
        done,
        late,
        ahead: task.is_ahead(today),
    }
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("tasks", |rocket| async { rocket.mount("/", routes![first_page, list]) })
}
