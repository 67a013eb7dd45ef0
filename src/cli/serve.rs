//! `assent serve`: the pages.

use std::net::IpAddr;

use clap::Args;

use super::Office;
use crate::kernel::{Clock, Problem, Result};
use crate::web::{self, Listen};

#[derive(Debug, Args)]
pub struct Serve {
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// The header in which your proxy hands on the reader's address, such as X-Real-IP; without it no header is believed
    #[arg(long, value_name = "NAME")]
    ip_header: Option<String>,
    /// Browsers reach this server over TLS, through a proxy: cookies are marked secure and HSTS is sent
    #[arg(long)]
    behind_tls: bool,
}

pub async fn run(office: &Office, url: String, args: Serve) -> Result<()> {
    if !args.address.is_loopback() && !args.behind_tls {
        return Err(Problem::invalid(
            "address",
            "passwords must not cross a network in the clear: listen on 127.0.0.1, or put a TLS proxy in front and say --behind-tls",
        ));
    }
    // A server without a district would only show error pages: say so now.
    office.desk(&mut office.read().await?).await?;
    let listen = Listen { database: url, address: args.address, port: args.port, ip_header: args.ip_header, secure: args.behind_tls };
    serve(&listen).await
}

/// Serves until it is told to stop.
pub async fn serve(listen: &Listen) -> Result<()> {
    println!("Serving on http://{}:{} (stop with Ctrl-C)", listen.address, listen.port);
    web::rocket(listen, Clock::system())
        .launch()
        .await
        .map(drop)
        .map_err(|e| Problem::internal(format!("the server could not run on {}:{}", listen.address, listen.port), e.to_string()))
}
