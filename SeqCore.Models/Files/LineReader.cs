namespace SeqCore.Models;

/// <summary>
/// The text of lines, each with LF at its end, so that a parser reads what <see cref="TextLines"/> has checked and decoded.
/// </summary>
internal sealed class LineReader(IEnumerable<TextLine> lines) : TextReader
{
    private readonly IEnumerator<TextLine> lines = lines.GetEnumerator();
    private string line = "";
    private int at = 1;

    public override int Read(char[] buffer, int index, int count)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return Read(buffer.AsSpan(index, count));
    }

    public override int Read(Span<char> buffer)
    {
        var written = 0;
        while (written < buffer.Length)
        {
            if (at > line.Length)
            {
                if (!lines.MoveNext())
                    break;
                (line, at) = (lines.Current.Text, 0);
            }

            if (at == line.Length)
            {
                buffer[written++] = '\n';
                at++;
                continue;
            }

            var part = line.AsSpan(at, Math.Min(line.Length - at, buffer.Length - written));
            part.CopyTo(buffer[written..]);
            (at, written) = (at + part.Length, written + part.Length);
        }

        return written;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            lines.Dispose();
        base.Dispose(disposing);
    }
}
