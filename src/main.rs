use clap::Parser;
use tracing_subscriber::EnvFilter;

/// The log goes to standard error: warnings, unless `ASSENT_LOG` asks for more (`info`, `assent=debug`). It holds no passwords,
/// tokens or names; a page that fails shows the id under which its cause stands there.
fn listen() {
    let filter = EnvFilter::try_from_env("ASSENT_LOG").unwrap_or_else(|_| EnvFilter::new("warn,rocket=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
}

#[tokio::main]
async fn main() {
    listen();
    std::process::exit(assent::cli::run(assent::cli::Cli::parse()).await);
}
