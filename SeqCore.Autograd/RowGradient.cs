using System.Buffers;
using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// The rows of a table's gradient that may differ from 0, and its memory, which is kept from step to step and is 0 everywhere
/// else, so that a step takes time for its own rows only.
/// </summary>
internal sealed class RowGradient(int tableRows)
{
    private readonly RowSet rows = new(tableRows);

    /// <summary>The rows of one lookup.</summary>
    private RowSet? lookup;

    /// <summary>The gradient that the rows belong to.</summary>
    private Tensor? current;

    private DeviceBuffer? buffer;

    /// <summary>The moment after the last write to it that the rows include.</summary>
    private long written;

    /// <summary>Memory that is all 0, for the next gradient.</summary>
    private Tensor? cleared;

    /// <summary>The rows in ascending order.</summary>
    internal IReadOnlyList<int> Rows => rows.Ascending;

    /// <summary>
    /// Whether the gradient is 0 outside the rows: nothing else has been added, and nobody else has written to it.
    /// </summary>
    internal bool Describes(Tensor? gradient) => gradient is { IsDisposed: false } && ReferenceEquals(gradient, current)
        && buffer?.IsWrittenSince(written) == false;

    /// <summary>Returns a gradient that is 0, outside every scope.</summary>
    internal Tensor Begin(Shape shape, Backend backend)
    {
        if (cleared is not null && cleared.Backend != backend)
            Release();
        using var suspension = TensorScope.Suspend();
        var gradient = cleared ?? Tensor.Zeros(shape, backend);
        cleared = null;
        rows.Clear();
        Note(gradient);
        return gradient;
    }

    /// <summary>Adds a row of the source for each index to a gradient that is 0.</summary>
    internal void AddFirst(Tensor gradient, Tensor source, IndexTensor indices, int? padding)
    {
        // The rows first: what is listed too much is 0.
        rows.Add(OnHost(indices), padding);
        gradient.ScatterAddInPlace(indices, source);
        if (padding is { } row)
        {
            using var skipped = gradient.Select(0, row);
            skipped.FillInPlace(0f);
        }

        Note(gradient);
    }

    /// <summary>
    /// Sums the rows of the source with equal indices in memory of their own, so that the sum with an earlier gradient has the
    /// bits of two whole gradients.
    /// </summary>
    /// <returns>The different rows in ascending order and the sum of each, to be disposed.</returns>
    internal (IndexTensor Rows, Tensor Sums) Sum(Tensor source, IndexTensor indices, int? padding)
    {
        lookup ??= new RowSet(tableRows);
        lookup.Clear();
        var values = OnHost(indices);
        lookup.Add(values);
        var places = ArrayPool<int>.Shared.Rent(values.Length);
        for (var i = 0; i < values.Length; i++)
            places[i] = lookup.PlaceOf(values[i]);
        using var at = IndexTensor.FromSpan(places.AsSpan(0, values.Length), indices.Shape, source.Backend);
        ArrayPool<int>.Shared.Return(places);
        var sums = Tensor.Zeros(new Shape(lookup.Span.Length, source.Shape[-1]), source.Backend);
        sums.ScatterAddInPlace(at, source);
        if (padding is { } row && lookup.Find(row) is { } place)
        {
            using var skipped = sums.Select(0, place);
            skipped.FillInPlace(0f);
        }

        return (lookup.OnDevice(source.Backend), sums);
    }

    /// <summary>Adds the last result of <see cref="Sum"/> to the gradient that the rows belong to.</summary>
    internal void Add(Tensor gradient, IndexTensor at, Tensor sums, int? padding)
    {
        rows.Add(lookup!.Span, padding);
        gradient.ScatterAddInPlace(at, sums);
        Note(gradient);
    }

    /// <summary>Passes the rows to an action as a tensor of their own, and writes them back.</summary>
    internal void Change(Tensor gradient, Action<Tensor> change)
    {
        using var at = rows.OnDevice(gradient.Backend);
        using var values = gradient.Gather(at);
        change(values);
        ClearRows(gradient, at);
        gradient.ScatterAddInPlace(at, values);
        Note(gradient);
    }

    /// <summary>Clears the rows of a gradient that ends, and keeps its memory unless someone else sees it.</summary>
    internal void End(Tensor gradient)
    {
        var isKept = Describes(gradient) && !gradient.SharesMemory;
        Forget();
        if (!isKept)
            return;
        using var suspension = TensorScope.Suspend();
        using (var at = rows.OnDevice(gradient.Backend))
            ClearRows(gradient, at);
        cleared = gradient.Alias();
    }

    /// <summary>Notes that something else has been added to the gradient.</summary>
    internal void Forget() => (current, buffer) = (null, null);

    /// <summary>Releases the memory that is kept.</summary>
    internal void Release()
    {
        cleared?.Dispose();
        cleared = null;
    }

    /// <summary>Notes that the rows belong to a gradient as it is now.</summary>
    private void Note(Tensor gradient) => (current, buffer, written) = (gradient, gradient.Span.Buffer, StaleReads.Now());

    private void ClearRows(Tensor gradient, IndexTensor at) =>
        gradient.Backend.ClearRows(gradient.Span, at.Span, tableRows, gradient.Shape[-1]);

    private static ReadOnlySpan<int> OnHost(IndexTensor indices) =>
        indices.Backend.Device.Kind == DeviceKind.Cpu ? indices.Span.AsHostSpan() : indices.ToArray();
}
