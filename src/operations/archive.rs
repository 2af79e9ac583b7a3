//! Writing an archive: entries one after the other, each with its checksum, which are the last entry.

use super::manifest::CHECKSUMS;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek as _, Write};

/// What tar counts in.
const BLOCK: u64 = 512;

/// An archive that is being written.
pub struct ArchiveWriter<W> {
    out: W,
    /// The lines of the last entry: there may be a million of them.
    sums: File,
    /// When it was made, in seconds.
    made_at: u64,
    entry: Option<Open>,
}

/// The entry that is being written.
struct Open {
    name: String,
    size: u64,
    written: u64,
    sum: Sha256,
}

impl<W: Write> ArchiveWriter<W> {
    /// Begins an archive. `sums` is an empty file that can be read and written, and is not needed afterwards.
    pub fn new(out: W, sums: File, made_at: u64) -> Self {
        ArchiveWriter { out, sums, made_at, entry: None }
    }

    /// Begins an entry of exactly this size in bytes.
    pub fn begin(&mut self, name: &str, size: u64) -> io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_path(name)?;
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.made_at);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        self.out.write_all(header.as_bytes())?;
        self.entry = Some(Open { name: name.to_owned(), size, written: 0, sum: Sha256::new() });
        Ok(())
    }

    /// Writes a piece of the entry.
    pub fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        let entry = self.entry.as_mut().ok_or_else(|| io::Error::other("no entry was begun"))?;
        entry.written += piece.len() as u64;
        entry.sum.update(piece);
        self.out.write_all(piece)
    }

    /// Ends the entry.
    ///
    /// # Errors
    /// Also when it has not the size that was announced.
    pub fn end(&mut self) -> io::Result<()> {
        let entry = self.entry.take().ok_or_else(|| io::Error::other("no entry was begun"))?;
        if entry.written != entry.size {
            return Err(io::Error::other(format!("{} changed while it was copied", entry.name)));
        }
        let rest = (BLOCK - entry.size % BLOCK) % BLOCK;
        io::copy(&mut io::repeat(0).take(rest), &mut self.out)?;
        writeln!(self.sums, "{}", sum_line(entry.sum, &entry.name))
    }

    /// An entry that is in memory.
    pub fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        self.begin(name, content.len() as u64)?;
        self.write(content)?;
        self.end()
    }

    /// An entry that is a file.
    pub fn add_file(&mut self, name: &str, file: &mut File) -> io::Result<()> {
        self.begin(name, file.metadata()?.len())?;
        in_pieces(file, |piece| self.write(piece))?;
        self.end()
    }

    /// Adds the checksums and ends the archive.
    pub fn finish(mut self) -> io::Result<W> {
        let mut sums = self.sums.try_clone()?;
        sums.rewind()?;
        self.add_file(CHECKSUMS, &mut sums)?;
        io::copy(&mut io::repeat(0).take(2 * BLOCK), &mut self.out)?;
        Ok(self.out)
    }
}

/// A line of the checksums, without its end.
pub fn sum_line(sum: Sha256, name: &str) -> String {
    format!("{}  {name}", hex(sum))
}

/// A checksum in hexadecimal.
pub fn hex(sum: Sha256) -> String {
    sum.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads all there is, a piece at a time.
pub fn in_pieces(from: &mut impl Read, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<u64> {
    let mut piece = vec![0; 64 << 10];
    let mut bytes = 0;
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => return Ok(bytes),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        bytes += read as u64;
        take(&piece[..read])?;
    }
}
