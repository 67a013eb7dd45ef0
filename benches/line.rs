//! One connection to the server, kept open, as a browser keeps it. The load shares two cores with what it measures: a whole HTTP client costs
//! more of them than the server does, so requests are written as bytes and answers' heads read by httparse.

use std::net::{Ipv4Addr, SocketAddr};

use assent::kernel::{Problem, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// So many schools.
const SCHOOLS: usize = 70;

/// An answer's head, and its body.
#[derive(Debug, Default)]
pub struct Reply {
    pub status: u16,
    pub location: String,
    /// The session's token, where one was set.
    pub token: Option<String>,
    pub body: String,
}

pub struct Line {
    stream: TcpStream,
    host: String,
    read: Vec<u8>,
}

impl Line {
    /// From the school of that number: each has one address for all who are there, as behind a school's router. All are on this machine.
    pub async fn open(address: SocketAddr, school: usize) -> Result<Self> {
        let last = u8::try_from(school % SCHOOLS).unwrap_or_default() + 1;
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 7, last), 0)))?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, host: address.to_string(), read: Vec::with_capacity(16 * 1024) })
    }

    pub async fn get(&mut self, path: &str, token: &str) -> Result<Reply> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{}\r\n", self.host, cookie(token));
        self.send(&request).await
    }

    /// Sends a form, as a browser does from a page of the same site.
    pub async fn post(&mut self, path: &str, token: &str, form: &str) -> Result<Reply> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{cookie}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\r\n{form}",
            host = self.host,
            cookie = cookie(token),
            length = form.len(),
        );
        self.send(&request).await
    }

    async fn send(&mut self, request: &str) -> Result<Reply> {
        self.stream.write_all(request.as_bytes()).await?;
        self.read.clear();
        loop {
            if let Some((mut reply, from, length)) = head(&self.read)? {
                let Some(length) = length else { return self.chunks(reply, from).await };
                while self.read.len() < from + length {
                    self.more().await?;
                }
                reply.body = String::from_utf8_lossy(&self.read[from..from + length]).into_owned();
                return Ok(reply);
            }
            self.more().await?;
        }
    }

    /// A body in chunks.
    async fn chunks(&mut self, mut reply: Reply, mut from: usize) -> Result<Reply> {
        let mut body = Vec::new();
        loop {
            let size =
                httparse::parse_chunk_size(&self.read[from..]).map_err(|e| Problem::internal("a chunk can't be read", e.to_string()))?;
            let httparse::Status::Complete((head, size)) = size else {
                self.more().await?;
                continue;
            };
            let (begins, size) = (from + head, usize::try_from(size).unwrap_or(usize::MAX / 2));
            while self.read.len() < begins + size + 2 {
                self.more().await?;
            }
            if size == 0 {
                reply.body = String::from_utf8_lossy(&body).into_owned();
                return Ok(reply);
            }
            body.extend_from_slice(&self.read[begins..begins + size]);
            from = begins + size + 2;
        }
    }

    async fn more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err(Problem::internal("the server closed the connection", "no answer")),
            _ => Ok(()),
        }
    }
}

fn cookie(token: &str) -> String {
    if token.is_empty() { String::new() } else { format!("Cookie: {}={token}\r\n", assent::web::desk::SESSION_COOKIE) }
}

/// The head once it is whole, where the body begins, and its length; `None` for a body in chunks.
fn head(read: &[u8]) -> Result<Option<(Reply, usize, Option<usize>)>> {
    let mut headers = [httparse::EMPTY_HEADER; 40];
    let mut parsed = httparse::Response::new(&mut headers);
    let whole = parsed.parse(read).map_err(|e| Problem::internal("the server's answer can't be read", e))?;
    let httparse::Status::Complete(from) = whole else { return Ok(None) };
    let mut reply = Reply { status: parsed.code.unwrap_or_default(), ..Reply::default() };
    let mut length = None;
    for header in parsed.headers.iter() {
        let value = String::from_utf8_lossy(header.value);
        match header.name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok(),
            "location" => reply.location = value.into_owned(),
            "set-cookie" => {
                let named = format!("{}=", assent::web::desk::SESSION_COOKIE);
                if let Some(rest) = value.strip_prefix(&named) {
                    reply.token = rest.split(';').next().map(str::to_owned);
                }
            }
            _ => {}
        }
    }
    Ok(Some((reply, from, length)))
}
