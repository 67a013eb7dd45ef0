use clap::Parser;

#[tokio::main]
async fn main() {
    std::process::exit(assent::cli::run(assent::cli::Cli::parse()).await);
}
