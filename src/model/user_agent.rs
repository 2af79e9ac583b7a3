//! A browser's user agent in words, for agents: "Firefox 140 on Windows".

/// The browser and its system, as far as the user agent tells; nothing when it tells neither.
pub fn in_words(user_agent: &str) -> Option<String> {
    match (browser(user_agent), system(user_agent)) {
        (Some(browser), Some(system)) => Some(format!("{browser} on {system}")),
        (Some(one), None) => Some(one),
        (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

/// Browsers and the token that only they carry. The order matters: most also name those whose pages they imitate.
const BROWSERS: [(&str, &str); 13] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

fn browser(user_agent: &str) -> Option<String> {
    let (token, name) = BROWSERS
        .into_iter()
        .find(|(token, name)| user_agent.contains(token) && (*name != "Safari" || user_agent.contains("Safari/")))?;
    let version: String = user_agent.split_once(token)?.1.chars().take_while(char::is_ascii_digit).take(5).collect();
    Some(if version.is_empty() { name.to_owned() } else { format!("{name} {version}") })
}

fn system(user_agent: &str) -> Option<&'static str> {
    const SYSTEMS: [(&str, &str); 9] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows NT 10.0", "Windows"),
        ("Windows", "an old Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
        ("BSD", "BSD"),
    ];
    SYSTEMS.into_iter().find(|(token, _)| user_agent.contains(token)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_browsers_have_names() {
        let words = |user_agent| in_words(user_agent).unwrap_or_default();
        assert_eq!(
            words(
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
            ),
            "Edge 142 on Windows"
        );
        assert_eq!(
            words(
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
            ),
            "Safari 18 on iPhone"
        );
        assert_eq!(
            words(
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
            ),
            "Chrome 142 on Android"
        );
        assert_eq!(
            words("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox 140 on Linux"
        );
        assert_eq!(words("curl/8.5.0"), "");
        assert_eq!(words("Firefox/"), "Firefox");
    }
}
