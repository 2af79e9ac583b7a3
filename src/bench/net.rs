//! Connections from chosen addresses. All of 127.0.0.0/8 is this machine: so each visitor has an address of their own, as
//! in the world, and the limits per address of what is measured stay as they are.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};

/// A connection that is not there by then is not there.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// Connects from this address.
pub async fn connect(from: Ipv4Addr, to: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddrV4::new(from, 0).into())?;
    let stream = tokio::time::timeout(CONNECT_WITHIN, socket.connect(to)).await.map_err(io::Error::from)??;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The address of the person with this number.
pub fn address(number: usize) -> Ipv4Addr {
    let [_, b, c, d] = (number as u32 + 1).to_be_bytes();
    // 127.0.x.y is left to the servers.
    Ipv4Addr::new(127, 1 + b, c, d)
}

/// A port on which nobody listens.
pub fn free_port() -> io::Result<SocketAddr> {
    std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}
