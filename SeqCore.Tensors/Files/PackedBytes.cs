namespace SeqCore;

/// <summary>
/// The bytes of a compressed file, passed on in small pieces, of which the last few can be taken back: a decompressor reports
/// only that its data ended within the bytes that it was given.
/// </summary>
internal sealed class PackedBytes(Stream source) : ForwardStream
{
    /// <summary>
    /// The largest number of bytes passed on at once; larger pieces are faster, but hide where the compressed data end.
    /// </summary>
    internal const int PieceSize = 8;

    private const int Single = 16;
    private readonly byte[] chunk = new byte[1 << 16];
    private int at;
    private int end;
    private int pieces;

    /// <summary>The number of bytes that were passed on last.</summary>
    internal int LastPiece { get; private set; }

    /// <summary>Whether more bytes were requested after the last one.</summary>
    internal bool IsAtEnd { get; private set; }

    /// <summary>
    /// Begins a compressed member. Its first bytes are passed on one by one, because an empty member ends within them.
    /// </summary>
    internal void Begin() => (pieces, LastPiece) = (0, 0);

    public override int Read(Span<byte> buffer)
    {
        var most = pieces++ < Single ? 1 : PieceSize;
        return LastPiece = Take(buffer[..Math.Min(most, buffer.Length)]);
    }

    /// <summary>Returns the next byte, or -1 at the end.</summary>
    public override int ReadByte()
    {
        Span<byte> next = stackalloc byte[1];
        return Take(next) == 0 ? -1 : next[0];
    }

    /// <summary>Copies the next bytes; copies fewer only at the end.</summary>
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

    /// <summary>Takes back the last bytes, at most twice as many as a piece has.</summary>
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
