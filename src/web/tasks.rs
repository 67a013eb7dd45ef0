//! The first page: what is yours to do.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};

use super::answer::{Answer, Html, page};
use super::desk::Member;
use super::shell::Shell;
use super::today;
use crate::kernel::Day;
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
    done: Vec<TaskView>,
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
    let shell = member.shell(member.t("nav-tasks"));
    let (open, done): (Vec<_>, Vec<_>) = all.iter().partition(|t| t.state == State::Open);
    let mut groups: Vec<Group> = Vec::new();
    for task in &open {
        let heading = task.is_for_a_child().then(|| shell.tvv("tasks-for-child", "name", &task.about_name, "school", &task.school));
        let view = view(&shell, task);
        match groups.iter_mut().find(|g| g.heading == heading) {
            Some(group) => group.tasks.push(view),
            None => groups.push(Group { heading, tasks: vec![view] }),
        }
    }
    page(&TasksPage {
        given: member.actor.name.split_whitespace().next().unwrap_or_default().to_owned(),
        open: open.len(),
        minutes: open.iter().map(|t| t.minutes).sum(),
        groups,
        done: done.iter().map(|t| view(&shell, t)).collect(),
        shell,
    })
}

fn view(shell: &Shell, task: &tasks::Task) -> TaskView {
    let today: Day = shell.today;
    let late = task.is_late(today);
    let (state, state_text) = match task.state {
        State::Open if task.is_ahead(today) => {
            ("wait", shell.tv("tasks-opens", "day", shell.locale.weekday_and_day(task.opens.unwrap_or(today))))
        }
        State::Open if late => ("late", shell.tv("tasks-days-late", "days", task.due.until(today))),
        State::Open if task.due == today => ("wait", shell.t("tasks-due-today")),
        State::Open => ("open", shell.t("state-open")),
        State::Fulfilled => {
            let day = task.closed.map(|d| shell.locale.day_of_year(d)).unwrap_or_default();
            ("done", shell.tv(if task.subject_kind == "policy" { "tasks-agreed" } else { "tasks-completed" }, "day", day))
        }
        State::Declined => {
            ("wait", shell.tv("tasks-declined", "day", task.closed.map(|d| shell.locale.day_of_year(d)).unwrap_or_default()))
        }
        State::Exempt => ("done", shell.t("state-exempt")),
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
            shell.tvv("tasks-due", "day", shell.locale.weekday_and_day(task.due), "minutes", task.minutes)
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
