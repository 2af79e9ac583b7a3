//! What of wasm-bindgen's command line `scripts/build` needs: the same library without the test runner, the web server
//! and the HTTP client that come with the published tool, which take three times as long to compile.
//!
//!     bindgen IN.wasm OUT_DIR NAME
//!
//! writes `OUT_DIR/NAME.js` and `OUT_DIR/NAME_bg.wasm` for a browser that loads modules.

use std::env::args;
use wasm_bindgen_cli_support::Bindgen;

fn main() {
    let args: Vec<String> = args().skip(1).collect();
    let [input, directory, name] = &args[..] else {
        if args == ["--version"] {
            return println!("bindgen {}", env!("CARGO_PKG_VERSION"));
        }
        eprintln!("bindgen IN.wasm OUT_DIR NAME");
        std::process::exit(2);
    };
    let made = Bindgen::new().input_path(input).web(true).and_then(|bindgen| {
        bindgen.typescript(false).omit_default_module_path(true).out_name(name).generate(directory)
    });
    if let Err(error) = made {
        eprintln!("{error:?}");
        std::process::exit(1);
    }
}
