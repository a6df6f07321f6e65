using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SeqCore;

/// <summary>
/// The header of a .npy file: magic, version, length, and a Python dictionary such as
/// <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }</c> (NumPy's format description, NEP 1).
/// </summary>
/// <param name="Type">The type of the elements.</param>
/// <param name="IsBigEndian">Whether the most significant byte of an element comes first.</param>
/// <param name="ColumnMajor">Whether the first axis is the innermost (fortran_order).</param>
/// <param name="Sizes">The sizes of the axes as the file claims them, not yet checked.</param>
internal sealed record NpyHeader(ElementType Type, bool IsBigEndian, bool ColumnMajor, long[] Sizes)
{
    private const int MaxLength = 1 << 16;
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a header of version 1, 2 or 3.</summary>
    internal static NpyHeader Read(TensorSource source)
    {
        Span<byte> start = stackalloc byte[8];
        source.Read(start);
        if (!start[..6].SequenceEqual(Magic))
            throw source.Error($"it does not begin like a .npy file.{FileGuess.Hint(start)}");
        if (start[6] is < 1 or > 3)
            throw source.Error($"it is .npy version {start[6]}.{start[7]}; only versions 1 to 3 can be read.");
        Span<byte> lengthBytes = stackalloc byte[4];
        lengthBytes.Clear();
        source.Read(lengthBytes[..(start[6] == 1 ? 2 : 4)]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > Math.Min(MaxLength, source.Remaining))
        {
            throw source.Error($"its header claims {length} bytes, but"
                + $" {source.Remaining} follow, and at most {MaxLength} are read.");
        }

        var text = new byte[length];
        source.Read(text);
        return Parse(Encoding.Latin1.GetString(text), source);
    }

    /// <summary>Formats a header of version 1, padded with spaces so that the elements begin at a multiple of 64 bytes.</summary>
    internal static byte[] Format(string description, Shape shape)
    {
        var text = $"{{'descr': '{description}', 'fortran_order': False, 'shape': {shape}, }}";
        var length = (10 + text.Length + 1 + 63) / 64 * 64;
        var bytes = new byte[length];
        Magic.CopyTo(bytes, 0);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(length - 10));
        bytes.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(10));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private static NpyHeader Parse(string text, TensorSource source)
    {
        var reader = new Literal(text, source);
        string? description = null;
        bool? columnMajor = null;
        long[]? sizes = null;
        reader.Expect('{');
        while (!reader.TryTake('}'))
        {
            var key = reader.String();
            reader.Expect(':');
            switch (key)
            {
                case "descr" when description is null: description = Description(reader, source); break;
                case "fortran_order" when columnMajor is null: columnMajor = reader.Boolean(); break;
                case "shape" when sizes is null: sizes = reader.Tuple(); break;
                case "descr" or "fortran_order" or "shape": throw source.Error($"its header has the key '{key}' twice.");
                default: throw source.Error($"its header has the unknown key '{key}'.");
            }

            if (reader.TryTake('}'))
                break;
            reader.Expect(',');
        }

        reader.ExpectEnd();
        if (description is null || columnMajor is null || sizes is null)
            throw source.Error("its header should have the keys 'descr', 'fortran_order' and 'shape'.");
        return new NpyHeader(TypeOf(description, source), description[0] == '>', columnMajor.Value, sizes);
    }

    private static string Description(Literal reader, TensorSource source) => reader.TryTake('[')
        ? throw source.Error("its elements are records of several fields. Save each field as a separate array.")
        : reader.String();

    private static ElementType TypeOf(string description, TensorSource source) => description switch
    {
        ['<' or '>', .. "f4"] => ElementType.Float32,
        ['<' or '>', .. "f2"] => ElementType.Float16,
        ['<' or '>', .. "f8"] => ElementType.Float64,
        ['<' or '>' or '|', .. "b1"] => ElementType.Boolean,
        ['<' or '>' or '|', .. "i1"] => ElementType.Int8,
        ['<' or '>' or '|', .. "u1"] => ElementType.UInt8,
        ['<' or '>', .. "i2"] => ElementType.Int16,
        ['<' or '>', .. "u2"] => ElementType.UInt16,
        ['<' or '>', .. "i4"] => ElementType.Int32,
        ['<' or '>', .. "u4"] => ElementType.UInt32,
        ['<' or '>', .. "i8"] => ElementType.Int64,
        ['<' or '>', .. "u8"] => ElementType.UInt64,
        _ => throw source.Error($"its elements are '{description}', a type that cannot be read."),
    };

    /// <summary>Parses the small part of Python's syntax that headers use.</summary>
    private sealed class Literal(string text, TensorSource source)
    {
        private int position;

        internal bool TryTake(char c)
        {
            SkipBlanks();
            if (position >= text.Length || text[position] != c)
                return false;
            position++;
            return true;
        }

        internal void Expect(char c)
        {
            if (!TryTake(c))
                throw Unexpected($"'{c}'");
        }

        internal void ExpectEnd()
        {
            SkipBlanks();
            if (position < text.Length)
                throw Unexpected("the end");
        }

        internal string String()
        {
            SkipBlanks();
            var quote = position < text.Length ? text[position] : '\0';
            var end = quote is '\'' or '"' ? text.IndexOf(quote, position + 1) : -1;
            if (end < 0)
                throw Unexpected("a quoted string");
            var result = text[(position + 1)..end];
            position = end + 1;
            return result;
        }

        internal bool Boolean()
        {
            SkipBlanks();
            foreach (var (word, value) in new[] { ("True", true), ("False", false) })
            {
                if (!text.AsSpan(position).StartsWith(word, StringComparison.Ordinal))
                    continue;
                position += word.Length;
                return value;
            }

            throw Unexpected("True or False");
        }

        internal long[] Tuple()
        {
            var values = new List<long>();
            Expect('(');
            while (!TryTake(')'))
            {
                values.Add(Number());
                if (TryTake(')'))
                    break;
                Expect(',');
            }

            return [.. values];
        }

        private long Number()
        {
            SkipBlanks();
            var start = position;
            while (position < text.Length && (char.IsAsciiDigit(text[position]) || (position == start && text[position] == '-')))
                position++;
            if (!long.TryParse(text.AsSpan(start, position - start), NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out var value))
            {
                throw Unexpected("a 64-bit integer");
            }

            // Python 2 marks its long integers.
            if (position < text.Length && text[position] == 'L')
                position++;
            return value;
        }

        private void SkipBlanks()
        {
            while (position < text.Length && text[position] is (' ' or '\n' or '\t' or '\r'))
                position++;
        }

        private TensorFileException Unexpected(string expected) =>
            source.Error($"its header should have {expected} at character {position}.");
    }
}
