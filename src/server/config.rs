//! The configuration: flags and environment, checked before anything starts.

use crate::auth::identity::IdentityVerifier;
use crate::files::FilesError;
use crate::operations::Places;
use clap::Args;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// Where a server listens, what it keeps, and how it mails.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Address and port to listen on
    #[arg(long, env = "FRONTDESK_ADDR", default_value = "127.0.0.1:3000", value_parser = address)]
    pub addr: SocketAddr,
    #[command(flatten)]
    pub data: DataArgs,
    /// Address under which browsers reach this server, e.g. https://chat.example.com [default: http://ADDR]
    #[arg(long, env = "FRONTDESK_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<String>,
    #[command(flatten)]
    pub files: FilesArgs,
    /// Mail server: smtp://user:pass@host:port or smtps://… Without it each mail is a file in DIR/mail
    #[arg(long, env = "FRONTDESK_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Sender of mails, e.g. "Support <support@example.com>"
    #[arg(long, env = "FRONTDESK_MAIL_FROM", default_value = "Frontdesk <frontdesk@localhost.localdomain>")]
    pub mail_from: String,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, parted by commas [default: none]
    #[arg(long, env = "FRONTDESK_TRUSTED_PROXIES", value_parser = proxy, value_delimiter = ',')]
    pub trusted_proxies: Vec<IpNet>,
    /// Websites that may embed the widget, e.g. https://www.example.com, parted by commas [default: any]
    #[arg(long, env = "FRONTDESK_ALLOWED_ORIGINS", value_parser = origin, value_delimiter = ',')]
    pub allowed_origins: Vec<String>,
    /// Secret with which websites sign who a visitor is (JWT, HS256), at least 32 bytes [default: nobody is proven]
    #[arg(long, env = "FRONTDESK_IDENTITY_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub identity_secret: Option<String>,
}

/// Where things are kept.
#[derive(Args, Clone, Debug)]
pub struct DataArgs {
    /// Directory for everything that is kept
    #[arg(long, env = "FRONTDESK_DATA", default_value = "./data", value_name = "DIR")]
    pub data: PathBuf,
    /// Database [default: sqlite://DIR/frontdesk.db]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", value_parser = database_url)]
    pub database_url: Option<PathBuf>,
}

/// Where uploaded files are kept.
#[derive(Args, Clone, Debug)]
pub struct FilesArgs {
    /// Directory for uploaded files [default: DIR/files]
    #[arg(long, env = "FRONTDESK_FILES", value_name = "DIR")]
    pub files: Option<String>,
}

impl FilesArgs {
    /// Where uploaded files are kept.
    pub fn place(&self, data: &DataArgs) -> String {
        self.files.clone().unwrap_or_else(|| data.data.join("files").to_string_lossy().into_owned())
    }
}

/// The three places of an installation.
#[derive(Args, Clone, Debug)]
pub struct PlacesArgs {
    #[command(flatten)]
    pub data: DataArgs,
    #[command(flatten)]
    pub files: FilesArgs,
}

impl PlacesArgs {
    /// The three places.
    ///
    /// # Errors
    /// A sentence, when files are not in a directory.
    pub fn places(&self) -> Result<Places, String> {
        let files = self.files.place(&self.data);
        match files.split_once("://") {
            Some((scheme, _)) => Err(FilesError::Scheme { scheme: scheme.to_owned() }.to_string()),
            None => Ok(Places { data: self.data.data.clone(), database: self.data.database(), files: files.into() }),
        }
    }
}

impl DataArgs {
    /// The SQLite file.
    pub fn database(&self) -> PathBuf {
        self.database_url.clone().unwrap_or_else(|| self.data.join("frontdesk.db"))
    }
}

impl ServeArgs {
    /// Where uploaded files are kept.
    pub fn files(&self) -> String {
        self.files.place(&self.data)
    }

    /// Checks identities that websites have signed, when there is a secret.
    ///
    /// # Errors
    /// A sentence, when the secret is too short. It is not checked with the other flags: those name what they refuse.
    pub fn identity(&self) -> Result<Option<IdentityVerifier>, String> {
        self.identity_secret.as_deref().map(IdentityVerifier::new).transpose().map_err(|weak| weak.to_string())
    }

    /// The address under which browsers reach this server, without a slash at its end.
    pub fn public_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.addr))
    }
}

/// Looks at variables that later versions obey. What would change where data goes must not be ignored silently: it
/// stops the start.
///
/// # Errors
/// A sentence that names the variable.
pub fn check_environment() -> Result<(), String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if set("FRONTDESK_NATS_URL").is_some() {
        return Err("FRONTDESK_NATS_URL is set, but this version runs as one process: unset it.".into());
    }
    Ok(())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "FRONTDESK_ADDR takes an IP address and a port, such as 127.0.0.1:3000 or [::]:8080".into())
}

fn public_url(text: &str) -> Result<String, String> {
    crate::model::origin::origin(text)
        .ok_or("FRONTDESK_PUBLIC_URL takes an address without a path, such as https://chat.example.com".into())
}

fn origin(text: &str) -> Result<String, String> {
    crate::model::origin::origin(text).ok_or(
        "FRONTDESK_ALLOWED_ORIGINS takes websites without a path, parted by commas, such as https://www.example.com"
            .into(),
    )
}

fn proxy(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| {
        "FRONTDESK_TRUSTED_PROXIES takes IP addresses or networks, parted by commas, such as 10.0.0.1,192.168.0.0/16".into()
    })
}

fn database_url(text: &str) -> Result<PathBuf, String> {
    match text.strip_prefix("sqlite://").map(|path| path.split('?').next().unwrap_or(path)) {
        Some(path) if !path.is_empty() => Ok(PathBuf::from(path)),
        _ => Err("DATABASE_URL takes sqlite://PATH, such as sqlite:///var/lib/frontdesk/frontdesk.db".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_addresses_or_networks() {
        assert!(proxy("10.0.0.1").is_ok() && proxy("fd00::/8").is_ok());
        assert!(proxy("proxy.local").is_err());
    }

    #[test]
    fn only_sqlite_is_accepted_and_says_so() {
        assert_eq!(database_url("sqlite:///tmp/a.db?mode=rwc"), Ok(PathBuf::from("/tmp/a.db")));
        assert!(database_url("postgres://localhost/x").unwrap_err().contains("DATABASE_URL"));
    }
}
