//! The end of a file's name, which tells a desktop what to do with the file.

/// Extensions that a desktop runs, installs, mounts or opens as a page with script. Whatever is inside, a file with
/// such a name is not taken.
const DANGEROUS: &[&str] = &[
    // Pages and styles with script, and what turns into them.
    "asp aspx cgi chm css hta htm html jsp mht mhtml php shtml svg svgz swf url webloc website xht xhtml xml xsl",
    "xslt",
    // Programs, libraries and installers.
    "apk app appimage appref-ms appx appxbundle bin class com cpl crx deb dex dll dylib elf exe gadget ipa jar",
    "jnlp msi msix msixbundle msp mst ocx pif pkg rpm run scr so sys war wasm xbap xpi",
    // Scripts.
    "application bash bat cjs cmd command csh fish js jse ksh lua mjs pl ps1 ps1xml psd1 psm1 py pyc pyw pyz rb",
    "scpt sct sh tcl terminal vb vbe vbs workflow ws wsc wsf wsh zsh",
    // Disks, links and settings.
    "desktop diagcab dmg img inf iso library-ms lnk mobileconfig msc one rdp reg scf search-ms settingcontent-ms",
    "shb shs theme vhd vhdx",
    // Office documents with macros or with links that fetch.
    "accdb accde ade adp docm dotm iqy mdb mde potm ppam ppsm pptm sldm slk xla xlam xll xlm xlsb xlsm xltm",
];

/// Most characters of something that is taken for an extension.
const MAX_CHARS: usize = 12;

/// The stem and the extension, without the dot between them: `("notes.final", "txt")`.
pub(super) fn split(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once('.').filter(|(stem, extension)| {
        !stem.is_empty()
            && (1..=MAX_CHARS).contains(&extension.chars().count())
            && extension.chars().all(char::is_alphanumeric)
    })
}

/// Whether a clean name ends like something that must not be handed to others.
pub(super) fn is_dangerous(name: &str) -> bool {
    let dangerous = |extension: &str| {
        DANGEROUS.iter().flat_map(|line| line.split(' ')).any(|dangerous| dangerous.eq_ignore_ascii_case(extension))
    };
    name.rsplit_once('.').is_some_and(|(_, extension)| dangerous(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_name_counts() {
        assert_eq!(split("notes.final.txt"), Some(("notes.final", "txt")));
        for none in ["notes", ".txt", "notes.", "v1. of it", "notes.what is this"] {
            assert_eq!(split(none), None, "{none}");
        }
        for bad in ["a.exe", "a.pdf.EXE", "a.Html", "a.settingcontent-ms", "Budget.xlsm"] {
            assert!(is_dangerous(bad), "{bad}");
        }
        for good in ["a.pdf", "exe", "setup.exe.zip", "a.xlsx", "html.txt"] {
            assert!(!is_dangerous(good), "{good}");
        }
    }
}
