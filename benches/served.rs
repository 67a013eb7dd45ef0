//! The server as it is: `assent serve`, with its worker, as a process of its own, which can be killed.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use assent::kernel::{Problem, Result};
use tokio::net::TcpStream;

/// How long it may take to start.
const STARTS: Duration = Duration::from_secs(30);

pub struct Served {
    child: Child,
    pub address: SocketAddr,
}

impl Served {
    /// Serves that database; back when it answers.
    pub async fn start(url: &str, log_key: &Path) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let child = Command::new(env!("CARGO_BIN_EXE_assent"))
            .args(["--database", url, "--log-key"])
            .arg(log_key)
            .args(["serve", "--port", &address.port().to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()?;
        let served = Self { child, address };
        let answers = async {
            while TcpStream::connect(address).await.is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        match tokio::time::timeout(STARTS, answers).await {
            Ok(()) => Ok(served),
            Err(late) => Err(Problem::internal("the server did not start", late)),
        }
    }

    /// The most memory it has held, in MiB.
    pub fn peak_mib(&self) -> Result<f64> {
        crate::product::peak_mib_of(&self.child.id().to_string())
    }

    /// SIGKILL: no chance to finish anything.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Gone already, or ended with us.
        let _ = self.kill();
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
