//! A provider's heap: it begins in memory that the component has from the start.
//!
//! The standard library's allocator asks for more memory with its first allocation. To the host that is a change of the
//! memory's protection, and to undo it for the next call another, each of which interrupts every processor: more than
//! a small provider's whole work. Where the first part is enough, a call needs neither.
#![expect(unsafe_code, reason = "an allocator hands out raw memory")]

use core::alloc::Layout;
use core::arch::wasm32::memory_grow;
use core::mem::MaybeUninit;

use talc::base::Talc;
use talc::base::binning::Binning;
use talc::cell::TalcSyncCell;
use talc::source::Source;
use talc::wasm::WasmBinning;

#[global_allocator]
static HEAP: TalcSyncCell<FirstPartThenMore, WasmBinning> = TalcSyncCell::new_wasm(FirstPartThenMore { begun: false });

/// What a page of ten items, or an upstream's answer of some 50 KiB, needs. Untouched, it costs nothing.
const FIRST: usize = 256 << 10;
static mut FIRST_PART: MaybeUninit<[u8; FIRST]> = MaybeUninit::uninit();

const PAGE: usize = 64 << 10;

#[derive(Debug)]
struct FirstPartThenMore {
    begun: bool,
}

// SAFETY: it neither allocates nor uses anything that does.
unsafe impl Source for FirstPartThenMore {
    fn acquire<B: Binning>(talc: &mut Talc<Self, B>, layout: Layout) -> Result<(), ()> {
        if !talc.source.begun {
            talc.source.begun = true;
            // SAFETY: nothing else refers to this memory, and it is claimed once.
            let claimed = unsafe { talc.claim((&raw mut FIRST_PART).cast(), FIRST) };
            return claimed.map(|_| ()).ok_or(());
        }
        // Talc's own notes on the piece and on the allocation are far below a page.
        let pages = (layout.size() + layout.align()).div_ceil(PAGE) + 1;
        match memory_grow::<0>(pages) {
            usize::MAX => Err(()),
            // SAFETY: the pages are new, so nothing else refers to them.
            before => unsafe { talc.claim((before * PAGE) as *mut u8, pages * PAGE) }.map(|_| ()).ok_or(()),
        }
    }
}
