//! What a worker takes from itself before it sees a file: it reads files that strangers made.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use super::serve::Setup;

/// What is in force in a worker. A kernel or system that lacks a means leaves it out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Confinement {
    /// Its memory is bounded.
    pub(crate) memory: bool,
    /// It leaves no core dump.
    pub(crate) no_dumps: bool,
    /// Landlock keeps it from writing.
    pub(crate) no_writes: bool,
    /// Seccomp keeps it from sockets and from starting programs.
    pub(crate) no_network: bool,
}

impl Confinement {
    /// What is in force, or not, for people who look into it.
    pub(crate) fn words(&self) -> String {
        let said = |name: &str, on: bool| format!("{name}: {}", if on { "yes" } else { "no" });
        [
            said("memory bounded", self.memory),
            said("no core dumps", self.no_dumps),
            said("no writing (landlock)", self.no_writes),
            said("no network, no programs (seccomp)", self.no_network),
        ]
        .join(", ")
    }
}

/// Confines the calling thread, and those it starts from now on.
pub(crate) fn confine(setup: &Setup) -> Confinement {
    let memory = Rlimit { current: Some(setup.memory), maximum: Some(setup.memory) };
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let mut done = Confinement {
        memory: setrlimit(Resource::As, memory).is_ok(),
        no_dumps: setrlimit(Resource::Core, none).is_ok(),
        ..Confinement::default()
    };
    if setup.writes_to.is_none() {
        // Whatever the kernel knows of Landlock, no file grows.
        let _ = setrlimit(Resource::Fsize, none);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // A core dump that goes to a program does not ask for the limit.
        done.no_dumps &= set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok();
        done.no_writes = linux::no_writes(setup.writes_to.as_deref()).unwrap_or(false);
        done.no_network = linux::no_network().is_ok();
    }
    done
}

/// Bounds the time of computing that this process may take from now on. Passed, the system ends it.
pub(crate) fn bound_time(seconds: u64) {
    let used = Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default();
    // The limit counts whole seconds.
    let current = used.as_secs() + 1 + seconds;
    let maximum = getrlimit(Resource::Cpu).maximum;
    let _ = setrlimit(Resource::Cpu, Rlimit { current: Some(current), maximum });
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::path::Path;

    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr as _,
        RulesetCreated, RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope,
    };
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule, apply_filter,
    };

    /// The newest Landlock that was tried; an older kernel enforces what it knows of it.
    const ABI_TRIED: ABI = ABI::V6;

    /// Leaves reading files, and writing below `except`.
    pub(super) fn no_writes(except: Option<&Path>) -> Result<bool, RulesetError> {
        let all = AccessFs::from_all(ABI_TRIED);
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        let mut rules = Ruleset::default()
            .handle_access(all)?
            .handle_access(AccessNet::from_all(ABI_TRIED))?
            .scope(Scope::from_all(ABI_TRIED))?
            .create()?;
        rules = allow(rules, Path::new("/"), read)?;
        // Tesseract wants a place for messages.
        rules = allow(rules, Path::new("/dev/null"), read | AccessFs::WriteFile)?;
        if let Some(folder) = except {
            rules = allow(rules, folder, all & !AccessFs::Execute)?;
        }
        Ok(rules.restrict_self()?.ruleset != RulesetStatus::NotEnforced)
    }

    fn allow(
        rules: RulesetCreated,
        path: &Path,
        access: landlock::BitFlags<AccessFs>,
    ) -> Result<RulesetCreated, RulesetError> {
        match PathFd::new(path) {
            Ok(folder) => rules.add_rule(PathBeneath::new(folder, access)),
            Err(_) => Ok(rules),
        }
    }

    /// Refuses sockets, other programs, other processes, and what reaches around the rules.
    pub(super) fn no_network() -> Result<(), Box<dyn std::error::Error>> {
        let always = |calls: &[i64]| calls.iter().map(|&call| (call, Vec::new())).collect::<BTreeMap<_, _>>();
        let mut refused = always(&[
            libc::SYS_socket,
            libc::SYS_socketpair,
            libc::SYS_connect,
            libc::SYS_bind,
            libc::SYS_listen,
            libc::SYS_accept,
            libc::SYS_accept4,
            libc::SYS_sendto,
            libc::SYS_sendmsg,
            libc::SYS_sendmmsg,
            libc::SYS_execve,
            libc::SYS_execveat,
            libc::SYS_ptrace,
            libc::SYS_process_vm_readv,
            libc::SYS_process_vm_writev,
            libc::SYS_io_uring_setup,
            libc::SYS_bpf,
            libc::SYS_keyctl,
            libc::SYS_add_key,
            libc::SYS_request_key,
            libc::SYS_perf_event_open,
            libc::SYS_userfaultfd,
            libc::SYS_mount,
            libc::SYS_unshare,
            libc::SYS_setns,
            libc::SYS_pidfd_getfd,
            libc::SYS_open_by_handle_at,
        ]);
        #[cfg(target_arch = "x86_64")]
        refused.extend(always(&[libc::SYS_fork, libc::SYS_vfork]));
        // Threads are made, processes are not.
        let threads = libc::CLONE_THREAD as u64;
        let process = SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(threads), 0)?;
        refused.insert(libc::SYS_clone, vec![SeccompRule::new(vec![process])?]);
        // Its flags stand in memory, where no filter sees them: libraries fall back to `clone`.
        let hidden = always(&[libc::SYS_clone3]);

        for (calls, errno) in [(refused, libc::EPERM), (hidden, libc::ENOSYS)] {
            let filter = SeccompFilter::new(
                calls,
                SeccompAction::Allow,
                SeccompAction::Errno(errno as u32),
                std::env::consts::ARCH.try_into()?,
            )?;
            let program: BpfProgram = filter.try_into()?;
            apply_filter(&program)?;
        }
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs::{self, File};
    use std::net::{TcpListener, UdpSocket};
    use std::os::unix::net::UnixStream;
    use std::process::Command;
    use std::thread;

    use super::linux;

    /// The rules hold for the thread that sets them and those it starts.
    fn confined<T: Send>(set: impl FnOnce() -> bool + Send, then: impl FnOnce() -> T + Send) -> Option<T> {
        thread::scope(|scope| scope.spawn(|| set().then(then)).join().unwrap())
    }

    #[test]
    fn a_confined_thread_reads_and_does_not_write() {
        let dir = tempfile::tempdir().unwrap();
        let (file, allowed) = (dir.path().join("a"), dir.path().join("allowed"));
        fs::write(&file, b"there").unwrap();
        fs::create_dir(&allowed).unwrap();
        let set = || linux::no_writes(Some(&allowed)).unwrap_or(false);
        let done = confined(set, || {
            let read = fs::read(&file).unwrap() == b"there";
            let null = File::options().write(true).open("/dev/null").is_ok();
            let inside = fs::write(allowed.join("b"), b"x").is_ok();
            let refused = [
                fs::write(&file, b"gone").is_err(),
                File::create(dir.path().join("new")).is_err(),
                fs::remove_file(&file).is_err(),
                fs::rename(&file, dir.path().join("moved")).is_err(),
                TcpListener::bind("127.0.0.1:0").is_err(),
            ];
            (read && null && inside, refused)
        });
        match done {
            Some((allowed, refused)) => assert_eq!((allowed, refused), (true, [true; 5])),
            None => println!("skipped: this kernel has no Landlock"),
        }
        assert_eq!(fs::read(&file).unwrap(), b"there");
    }

    #[test]
    fn a_confined_thread_has_no_network_and_starts_no_program() {
        let done = confined(
            || linux::no_network().is_ok(),
            || {
                let refused = [
                    TcpListener::bind("127.0.0.1:0").is_err(),
                    UdpSocket::bind("127.0.0.1:0").is_err(),
                    UnixStream::pair().is_err(),
                    Command::new("/bin/true").status().is_err(),
                ];
                (refused, thread::spawn(|| 7).join().unwrap())
            },
        );
        match done {
            Some(done) => assert_eq!(done, ([true; 4], 7)),
            None => println!("skipped: this kernel has no seccomp"),
        }
    }
}
