//! Frames between the program and its workers: four bytes of length, little-endian, then a value in
//! postcard's form.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes of the largest frame. A page of the densest print takes a few hundred kilobytes; more than this
/// comes from a worker that was taken over.
pub(super) const MOST_BYTES: usize = 64 << 20;
/// Bytes of the length before each frame.
pub(super) const HEAD: usize = 4;

/// A value as a frame.
pub(super) fn frame<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    let mut bytes = postcard::to_extend(value, vec![0; HEAD]).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len() - HEAD).map_err(io::Error::other)?.to_le_bytes();
    for (byte, value) in bytes.iter_mut().zip(length) {
        *byte = value;
    }
    Ok(bytes)
}

pub(super) fn write<T: Serialize>(to: &mut impl Write, value: &T) -> io::Result<()> {
    to.write_all(&frame(value)?)?;
    to.flush()
}

/// Reads one frame; `None` at the end of the stream.
pub(super) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut head = [0; HEAD];
    match from.read_exact(&mut head) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_le_bytes(head) as usize;
    if length > MOST_BYTES {
        return Err(io::Error::other("a frame is too long"));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    postcard::from_bytes(&bytes).map(Some).map_err(io::Error::other)
}

/// Takes the first frame off `bytes`, when all of it is there.
pub(super) fn take<T: DeserializeOwned>(bytes: &mut Vec<u8>) -> io::Result<Option<T>> {
    let Some((head, rest)) = bytes.split_first_chunk::<HEAD>() else { return Ok(None) };
    let length = u32::from_le_bytes(*head) as usize;
    if length > MOST_BYTES {
        return Err(io::Error::other("a frame is too long"));
    }
    let Some(body) = rest.get(..length) else { return Ok(None) };
    let value = postcard::from_bytes(body).map_err(io::Error::other)?;
    bytes.drain(..HEAD + length);
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn frames_come_apart_again_wherever_they_are_cut() {
        let mut stream = frame(&"one".to_owned()).unwrap();
        stream.extend(frame(&"two".to_owned()).unwrap());
        for cut in 0..stream.len() {
            let (first, second) = stream.split_at(cut);
            let mut bytes = first.to_vec();
            let mut got: Vec<String> = Vec::new();
            for part in [&[], second] {
                bytes.extend(part);
                while let Some(text) = take(&mut bytes).unwrap() {
                    got.push(text);
                }
            }
            assert_eq!(got, ["one", "two"]);
            assert!(bytes.is_empty());
        }
        let mut stream = stream.as_slice();
        assert_eq!(read::<String>(&mut stream).unwrap().as_deref(), Some("one"));
        assert_eq!(read::<String>(&mut stream).unwrap().as_deref(), Some("two"));
        assert_eq!(read::<String>(&mut stream).unwrap(), None);
    }

    #[test]
    fn a_length_beyond_reason_is_refused_before_anything_is_allocated() {
        let mut bytes = u32::MAX.to_le_bytes().to_vec();
        assert!(take::<String>(&mut bytes).is_err());
        assert!(read::<String>(&mut bytes.as_slice()).is_err());
    }
}
