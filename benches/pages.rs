//! What a director looks at, over HTTP.

use std::net::SocketAddr;

use assent::kernel::{Problem, Result};

use crate::clocking::{median_ms, seconds};
use crate::line::Line;

/// The median time of that page, in milliseconds, read to its end.
pub async fn page_ms(address: SocketAddr, token: &str, path: &str) -> Result<f64> {
    median_ms(async || {
        let reply = Line::open(address, 0).await?.get(path, token).await?;
        if reply.status == 200 && reply.body.trim_end().ends_with("</html>") {
            Ok(())
        } else {
            Err(Problem::internal(format!("{path} is no whole page"), reply.status.to_string()))
        }
    })
    .await
}

/// Reads a file: seconds, and lines below the heading.
pub async fn lines(address: SocketAddr, token: &str, path: &str) -> Result<(f64, u64)> {
    let reading = async {
        let reply = Line::open(address, 0).await?.get(path, token).await?;
        if reply.status != 200 {
            return Err(Problem::internal(format!("{path} is no file"), reply.status.to_string()));
        }
        let lines = reply.body.lines().count().saturating_sub(1);
        Ok(u64::try_from(lines).unwrap_or_default())
    };
    seconds(reading).await
}
