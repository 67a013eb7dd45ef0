//! The product's stories. Each one runs on SQLite and, where `ASSENT_TEST_POSTGRES` names a server, on PostgreSQL; `tests/run`
//! starts one. A story makes its own world with the builders in `world`, hands in the clock, and never sleeps.

#[macro_use]
mod browser;
#[macro_use]
mod world;

mod a_year;
mod adoption;
mod audit;
mod chain_browser;
mod chain_cli;
mod directions;
mod district;
mod doors;
mod duties_over_time;
mod feedback;
mod forms;
mod indicators;
mod obligations;
mod pdf;
mod policies;
mod reports;
mod requirements;
mod roster;
mod routes;
mod training;
