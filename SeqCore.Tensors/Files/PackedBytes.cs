namespace SeqCore;

/// <summary>
/// Bytes of a packed file, which are handed on in small pieces and of which the last few can be taken back: whoever unpacks them
/// reports only that a piece ended within those that it was given.
/// </summary>
internal sealed class PackedBytes(Stream source) : ForwardStream
{
    /// <summary>The most that are handed on at once; large ones are faster, but hide where the packed data end.</summary>
    internal const int PieceSize = 8;

    private const int Single = 16;
    private readonly byte[] chunk = new byte[1 << 16];
    private int at;
    private int end;
    private int pieces;

    /// <summary>Bytes that were handed on last.</summary>
    internal int LastPiece { get; private set; }

    /// <summary>Whether more was asked for after the last byte.</summary>
    internal bool IsAtEnd { get; private set; }

    /// <summary>Begins a packed piece. Its first bytes are handed on singly: an empty one ends within them.</summary>
    internal void Begin() => (pieces, LastPiece) = (0, 0);

    public override int Read(Span<byte> buffer)
    {
        var most = pieces++ < Single ? 1 : PieceSize;
        return LastPiece = Take(buffer[..Math.Min(most, buffer.Length)]);
    }

    /// <summary>The next byte, or -1 at the end.</summary>
    public override int ReadByte()
    {
        Span<byte> next = stackalloc byte[1];
        return Take(next) == 0 ? -1 : next[0];
    }

    /// <summary>Copies the next bytes, fewer only at the end.</summary>
    internal int Take(Span<byte> buffer)
    {
        var done = 0;
        while (done < buffer.Length && Fill())
        {
            var count = Math.Min(end - at, buffer.Length - done);
            chunk.AsSpan(at, count).CopyTo(buffer[done..]);
            at += count;
            done += count;
        }

        return done;
    }

    /// <summary>Takes back the last bytes, at most twice a piece's.</summary>
    internal void TakeBack(int count) => at -= count;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }

    private bool Fill()
    {
        if (at < end)
            return true;
        var kept = Math.Min(end, 2 * PieceSize);
        chunk.AsSpan(end - kept, kept).CopyTo(chunk);
        at = kept;
        end = kept + source.Read(chunk.AsSpan(kept));
        IsAtEnd = at == end;
        return !IsAtEnd;
    }
}
