//! Whose pipe it is: a name says nothing, since whoever is first may take any.

use std::ffi::c_void;
use std::io;
use std::os::windows::io::{AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{ERROR_SUCCESS, LocalFree};
use windows_sys::Win32::Security::Authorization::{GetSecurityInfo, SE_KERNEL_OBJECT};
use windows_sys::Win32::Security::{
    EqualSid, GetTokenInformation, OWNER_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, PSID,
    TOKEN_INFORMATION_CLASS, TOKEN_OWNER, TOKEN_QUERY, TOKEN_USER, TokenOwner, TokenUser,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// Whether the pipe belongs to this process's user, or to those whom this process makes things for: with an
/// administrator's rights that is the administrators' group.
///
/// # Errors
/// The system does not say.
pub(super) fn is_ours(pipe: BorrowedHandle<'_>) -> io::Result<bool> {
    let owner = Owner::of(pipe)?;
    let token = own_token()?;
    Ok(owner.is(&told_of(&token, TokenUser)?) || owner.is(&told_of(&token, TokenOwner)?))
}

/// An object's owner.
struct Owner {
    /// Points into the descriptor.
    sid: PSID,
    descriptor: PSECURITY_DESCRIPTOR,
}

impl Owner {
    #[expect(unsafe_code, reason = "a call of the system's")]
    fn of(object: BorrowedHandle<'_>) -> io::Result<Self> {
        let mut owner = Self {
            sid: null_mut(),
            descriptor: null_mut(),
        };
        // SAFETY: the handle is open; both places are written by the call alone, and what is not wanted is null.
        let result = unsafe {
            GetSecurityInfo(
                object.as_raw_handle(),
                SE_KERNEL_OBJECT,
                OWNER_SECURITY_INFORMATION,
                &raw mut owner.sid,
                null_mut(),
                null_mut(),
                null_mut(),
                &raw mut owner.descriptor,
            )
        };
        match i32::try_from(result) {
            Ok(_) if result == ERROR_SUCCESS && !owner.sid.is_null() => Ok(owner),
            Ok(code) => Err(io::Error::from_raw_os_error(code)),
            Err(_) => Err(io::Error::other("the pipe's owner cannot be asked for")),
        }
    }

    /// Whether it is the one that begins what a token says.
    #[expect(unsafe_code, reason = "a call of the system's")]
    fn is(&self, told: &Told) -> bool {
        // SAFETY: both point to identifiers that the system wrote, into memory that lives as long as `self` and `told`.
        unsafe { EqualSid(self.sid, told.sid()) != 0 }
    }
}

impl Drop for Owner {
    #[expect(unsafe_code, reason = "a call of the system's")]
    fn drop(&mut self) {
        // SAFETY: the system gave it to be freed so; null is allowed.
        unsafe { LocalFree(self.descriptor) };
    }
}

#[expect(unsafe_code, reason = "calls of the system's")]
fn own_token() -> io::Result<OwnedHandle> {
    let mut token = null_mut();
    // SAFETY: this process is always open to itself; `token` is written by the call alone.
    if unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it was opened just now, and nobody else closes it.
    Ok(unsafe { OwnedHandle::from_raw_handle(token) })
}

/// What a token says of somebody: a pointer to an identifier, which follows it.
struct Told(Box<[usize]>);

impl Told {
    fn sid(&self) -> PSID {
        self.0[0] as PSID
    }
}

/// Of the user or the owner, both of which begin with the pointer.
#[expect(unsafe_code, reason = "a call of the system's")]
fn told_of(token: &OwnedHandle, class: TOKEN_INFORMATION_CLASS) -> io::Result<Told> {
    const {
        assert!(std::mem::offset_of!(TOKEN_USER, User.Sid) == 0);
        assert!(std::mem::offset_of!(TOKEN_OWNER, Owner) == 0);
    }
    // An identifier has 68 bytes at most.
    let mut place = vec![0_usize; 32].into_boxed_slice();
    let length = u32::try_from(size_of_val(&*place)).unwrap_or_default();
    let mut needed = 0;
    // SAFETY: the place is as long as said and aligned for pointers; both places are written by the call alone.
    let told = unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            class,
            place.as_mut_ptr().cast::<c_void>(),
            length,
            &raw mut needed,
        )
    };
    if told == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Told(place))
}
