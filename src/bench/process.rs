//! Servers as processes of their own: started, waited for, looked at through `/proc`, stopped.

use super::clock;
use super::http::{Http, get};
use super::net;
use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server that is not ready by then will not be.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Stopping in good order takes no longer.
const STOP_WITHIN: Duration = Duration::from_secs(20);

/// A running process, seen from outside.
#[derive(Clone, Copy, Debug)]
pub struct Watched {
    pid: u32,
}

impl Watched {
    /// Processor time so far, of all threads, in user and kernel.
    pub fn cpu(self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        // The name in parentheses may hold anything.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |field: usize| fields.get(field).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
        Duration::from_millis((ticks(11) + ticks(12)) * 1_000 / TICKS_PER_SECOND)
    }

    /// Resident memory, in bytes.
    pub fn resident(self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1_024
    }
}

/// The unit of times in `/proc/PID/stat`: the same on all Linux systems that matter.
const TICKS_PER_SECOND: u64 = 100;

/// A server that this run started.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to the first answer that says ready.
    pub start: Duration,
}

impl Server {
    /// Starts a server that listens on an address of its choice and waits until a `GET` of `ready` is answered with 200.
    pub async fn start(
        mut command: Command,
        log: &Path,
        address: SocketAddr,
        ready: &'static str,
    ) -> io::Result<Server> {
        let log = File::create(log)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let began = clock::now();
        let mut server = Server { child: command.spawn()?, address, start: Duration::ZERO };
        while !is_ready(address, ready).await {
            if let Some(status) = server.child.try_wait()? {
                return Err(io::Error::other(format!("it ended with {status}")));
            }
            if clock::now() - began > READY_WITHIN.as_nanos() as u64 {
                return Err(io::Error::other("it is not ready"));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.start = Duration::from_nanos(clock::now() - began);
        Ok(server)
    }

    pub fn watched(&self) -> Watched {
        Watched { pid: self.child.id() }
    }

    /// Tells it to stop, and waits for that.
    pub async fn stop(mut self) -> io::Result<()> {
        Command::new("kill").arg(self.child.id().to_string()).status()?;
        let began = clock::now();
        while self.child.try_wait()?.is_none() {
            if clock::now() - began > STOP_WITHIN.as_nanos() as u64 {
                return Err(io::Error::other("it does not stop"));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Of a run that ended early nothing stays behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn is_ready(address: SocketAddr, path: &str) -> bool {
    let Ok(mut http) = Http::open(Ipv4Addr::LOCALHOST, address).await else { return false };
    http.call(&get(address, path)).await.is_ok_and(|answer| answer.status == 200)
}

/// The address for a server that is about to start.
pub fn next_address() -> io::Result<SocketAddr> {
    net::free_port()
}

/// How many files this process, and so each that it starts, may have open.
pub fn most_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(1_024)
}
