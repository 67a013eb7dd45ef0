//! The product's stories. Each one runs on SQLite and, where `ASSENT_TEST_POSTGRES` names a server, on PostgreSQL; `tests/run`
//! starts one. A story makes its own world with the builders in `world`, hands in the clock, and never sleeps.

#[macro_use]
mod browser;
#[macro_use]
mod world;

mod a_term;
mod a_year;
mod adoption;
mod audience_browser;
mod audiences;
mod audit;
mod audit_tables;
mod auditor;
mod auditor_browser;
mod chain_browser;
mod chain_cli;
mod class_mode;
mod class_mode_browser;
mod courses_browser;
mod directions;
mod district;
mod doors;
mod dossier;
mod duties_over_time;
mod duty_pages;
mod family;
mod family_browser;
mod feedback;
mod filtering;
mod filtering_browser;
mod forms;
mod households;
mod imports;
mod indicators;
mod log;
mod mail_browser;
mod mail_pages;
mod merging;
mod notices;
mod obligations;
mod packets;
mod paper;
mod paper_browser;
mod pdf;
mod people_browser;
mod people_by_hand;
mod policies;
mod policy_browser;
mod policy_work;
mod real_sets;
mod reports;
mod requirements;
mod roster;
mod roster_fuzz;
mod roster_habits;
mod routes;
mod saved_views_browser;
mod sign_in_link;
mod sign_in_link_browser;
mod teaching;
mod told;
mod training;
mod withdrawal;
