using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace SeqCore.Models;

/// <summary>The values of a column in a row group.</summary>
internal abstract class ParquetColumn
{
    private static readonly CultureInfo invariant = CultureInfo.InvariantCulture;

    /// <summary>Returns the text of a value; empty for null.</summary>
    internal abstract string Text(int row);

    /// <summary>Returns a number; null for null, and for a column whose type is none of numbers.</summary>
    internal abstract float? Number(int row);

    /// <summary>Reads a column of a row group. One that has no text is refused when a value is asked for.</summary>
    /// <param name="group">The row group.</param>
    /// <param name="field">The column.</param>
    /// <param name="header">The columns that are read.</param>
    /// <param name="index">The index of the column among them.</param>
    internal static Task<ParquetColumn> ReadAsync(ParquetRowGroupReader group, DataField field, TableHeader header, int index)
    {
        var (name, type, count) = ($"{header.Path}, {header.NameOf(index)}", field.ClrType, checked((int)group.RowCount));
        return field.MaxRepetitionLevel > 0 ? Refused("it has lists; only single values can be read")
            : type == typeof(ReadOnlyMemory<char>) ? TextsAsync()
            : type == typeof(bool) ? OfAsync<bool>(v => v ? "true" : "false")
            : type == typeof(sbyte) ? OfNumbersAsync<sbyte>(v => v)
            : type == typeof(byte) ? OfNumbersAsync<byte>(v => v)
            : type == typeof(short) ? OfNumbersAsync<short>(v => v)
            : type == typeof(ushort) ? OfNumbersAsync<ushort>(v => v)
            : type == typeof(int) ? OfNumbersAsync<int>(v => v)
            : type == typeof(uint) ? OfNumbersAsync<uint>(v => v)
            : type == typeof(long) ? OfNumbersAsync<long>(v => v)
            : type == typeof(ulong) ? OfNumbersAsync<ulong>(v => v)
            : type == typeof(Half) ? OfNumbersAsync<Half>(v => (float)v)
            : type == typeof(float) ? OfNumbersAsync<float>(v => v)
            : type == typeof(double) ? OfNumbersAsync<double>(v => (float)v)
            : type == typeof(decimal) ? OfNumbersAsync<decimal>(v => (float)v)
            : type == typeof(DateTime) ? OfTimesAsync<DateTime>("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF")
            : type == typeof(DateOnly) ? OfTimesAsync<DateOnly>("yyyy-MM-dd")
            : type == typeof(TimeOnly) ? OfTimesAsync<TimeOnly>("HH:mm:ss.FFFFFFF")
            : type == typeof(TimeSpan) ? OfTimesAsync<TimeSpan>("c")
            : type == typeof(Guid) ? OfTimesAsync<Guid>("D")
            : type == typeof(ReadOnlyMemory<byte>) ? Refused("it has bytes, which are no text")
            : Refused($"values of the type {type.Name} cannot be read as text or number");

        Task<ParquetColumn> Refused(string problem) => Task.FromResult<ParquetColumn>(new Unreadable($"{name}: {problem}."));

        Task<ParquetColumn> OfNumbersAsync<T>(Func<T, float> number) where T : struct, IFormattable =>
            OfAsync(v => v.ToString(null, invariant), number);

        Task<ParquetColumn> OfTimesAsync<T>(string format) where T : struct, IFormattable =>
            OfAsync<T>(v => v.ToString(format, invariant));

        async Task<ParquetColumn> TextsAsync()
        {
            var texts = new string?[count];
            await group.ReadAsync(field, texts.AsMemory()).ConfigureAwait(false);
            return new Values<string?>(texts, null, null, v => v ?? "");
        }

        async Task<ParquetColumn> OfAsync<T>(Func<T, string> text, Func<T, float>? number = null) where T : struct
        {
            var (values, levels) = (new T[count], field.MaxDefinitionLevel > 0 ? new int[count] : null);
            Memory<int>? definition = null;
            if (levels is not null)
                definition = levels;
            await group.ReadRawAsync<T>(field, values, definition, null).ConfigureAwait(false);

            // Only values that are not null are there, one after the other.
            var next = 0;
            for (var row = 0; row < levels?.Length; row++)
                levels[row] = levels[row] == field.MaxDefinitionLevel ? next++ : -1;
            return new Values<T>(values, levels, number, text);
        }
    }

    private sealed class Values<T>(T[] values, int[]? places, Func<T, float>? number, Func<T, string> text) : ParquetColumn
    {
        internal override string Text(int row) => (places?[row] ?? row) is >= 0 and var place ? text(values[place]) : "";

        internal override float? Number(int row) =>
            number is not null && (places?[row] ?? row) is >= 0 and var place ? number(values[place]) : null;
    }

    private sealed class Unreadable(string problem) : ParquetColumn
    {
        internal override string Text(int row) => throw new DataSourceException(problem);

        internal override float? Number(int row) => throw new DataSourceException(problem);
    }
}
