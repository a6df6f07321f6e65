using System.Buffers.Binary;
using System.IO.Compression;

namespace SeqCore;

/// <summary>The stream that <see cref="GzipFile.Unpack"/> returns.</summary>
internal sealed class GzipStream(PackedBytes packed, string name) : ForwardStream
{
    private const int TrailerSize = 8;

    // The flags of a member's header, which specify what follows its first ten bytes.
    private const int HeaderChecksum = 2, Extra = 4, OriginalName = 8, Comment = 16;
    private DeflateStream? piece;
    private bool hasBegun;
    private bool isAtEnd;
    private uint crc;
    private uint length;

    public override int Read(Span<byte> buffer)
    {
        while (!isAtEnd && !buffer.IsEmpty)
        {
            piece ??= Begin();
            if (piece is null)
                break;
            var count = Unpack(piece, buffer);
            if (count > 0)
            {
                crc = Crc32.Append(crc, buffer[..count]);
                length += (uint)count;
                return count;
            }

            CheckTrailer();
            piece.Dispose();
            piece = null;
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            piece?.Dispose();
            packed.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads the header of the next member; null at the end of the file.</summary>
    private DeflateStream? Begin()
    {
        Span<byte> header = stackalloc byte[10];
        var count = packed.Take(header);
        if (count == 0 && hasBegun)
        {
            isAtEnd = true;
            return null;
        }

        if (hasBegun && !GzipFile.IsGzip(header[..count]))
            throw new IOException($"{name} is damaged: bytes that are not gzip data follow its gzip data. Fetch it again.");
        hasBegun = true;
        if (count < header.Length)
            throw BreaksOff();
        if (!GzipFile.IsGzip(header) || header[2] != 8 || header[3] >= 32)
            throw Damaged("its header is not a gzip header");
        var flags = header[3];
        if ((flags & Extra) != 0)
        {
            for (var left = NextByte() | (NextByte() << 8); left > 0; left--)
                NextByte();
        }

        if ((flags & OriginalName) != 0)
            SkipText();
        if ((flags & Comment) != 0)
            SkipText();
        for (var i = 0; (flags & HeaderChecksum) != 0 && i < 2; i++)
            NextByte();
        (crc, length) = (0, 0);
        packed.Begin();
        return new DeflateStream(packed, CompressionMode.Decompress, leaveOpen: true);
    }

    private int Unpack(DeflateStream from, Span<byte> buffer)
    {
        try
        {
            var count = from.Read(buffer);
            return count == 0 && packed.IsAtEnd ? throw BreaksOff() : count;
        }
        catch (InvalidDataException damaged)
        {
            throw Damaged("its compressed data cannot be read", damaged);
        }
    }

    /// <summary>
    /// Checks the checksum and the length that follow the compressed data of a member. These data ended somewhere within the
    /// bytes passed on last, so the trailer is searched for from there.
    /// </summary>
    private void CheckTrailer()
    {
        Span<byte> expected = stackalloc byte[TrailerSize];
        BinaryPrimitives.WriteUInt32LittleEndian(expected, crc);
        BinaryPrimitives.WriteUInt32LittleEndian(expected[4..], length);
        Span<byte> found = stackalloc byte[PackedBytes.PieceSize + TrailerSize];
        packed.TakeBack(packed.LastPiece - 1);
        var least = packed.LastPiece - 1 + TrailerSize;
        var count = packed.Take(found[..least]);
        var start = found[..count].IndexOf(expected);
        if (start >= 0)
            packed.TakeBack(count - start - TrailerSize);
        else
            throw count < least ? BreaksOff() : Damaged("its checksum or length does not match its data");
    }

    private int NextByte() => packed.ReadByte() is >= 0 and var next ? next : throw BreaksOff();

    private void SkipText()
    {
        while (NextByte() != 0)
        {
        }
    }

    private IOException BreaksOff() =>
        new($"{name} ends before the end of its gzip data. The download or copy is incomplete: fetch it again.");

    private IOException Damaged(string problem, Exception? inner = null) =>
        new($"{name} is damaged: {problem}. Fetch it again.", inner);
}
