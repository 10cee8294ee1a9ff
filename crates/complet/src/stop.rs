use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Becomes true when somebody presses Ctrl-C or the system asks to end; a second time ends at once.
pub(crate) fn by_hand(stop: &Arc<AtomicBool>) -> anyhow::Result<()> {
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(stop))?;
        signal_hook::flag::register(signal, Arc::clone(stop))?;
    }
    Ok(())
}
