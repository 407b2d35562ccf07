//! The scripts behind `make`, run with programs that stand in for what they call.

use std::{
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Runs a script of the workspace with these settings and no others.
pub(crate) fn script(name: &str, settings: &[(&str, &str)], typed: &str) -> Output {
    let mut command = Command::new(root().join("scripts").join(name));
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").envs(settings.iter().copied());
    run(&mut command, typed)
}

/// Runs a command to which this is typed.
pub(crate) fn run(command: &mut Command, typed: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // it may have ended without reading
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    child.wait_with_output().unwrap()
}

/// Everything it said.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// A folder of programs.
pub(crate) struct StandIns {
    folder: tempfile::TempDir,
}

impl StandIns {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A program that notes what it was called with, a line each, and then does this in bash.
    pub(crate) fn program(self, name: &str, does: &str) -> Self {
        let calls = self.folder.path().join("calls");
        let text = format!(
            "#!/bin/bash\nprintf '%s' {name} >> {calls}\nprintf ' %s' \"${{@//$'\\n'/ }}\" >> {calls}\n\
             printf '\\n' >> {calls}\n{does}\n",
            calls = calls.display()
        );
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    /// A program of this machine, under its own name.
    pub(crate) fn real(self, name: &str) -> Self {
        let found = ["/usr/bin", "/bin"].map(|folder| Path::new(folder).join(name));
        let found = found.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("no {name} here"));
        std::os::unix::fs::symlink(found, self.folder.path().join(name)).unwrap();
        self
    }

    /// A file beside the programs.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The folder alone, as `PATH`.
    pub(crate) fn alone(&self) -> String {
        self.folder.path().display().to_string()
    }

    /// The folder before those of this machine, as `PATH`.
    pub(crate) fn before_others(&self) -> String {
        format!("{}:/usr/bin:/bin", self.folder.path().display())
    }

    /// What was called, a line each.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = std::fs::read_to_string(self.folder.path().join("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }
}
