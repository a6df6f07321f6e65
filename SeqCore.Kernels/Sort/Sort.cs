namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Sorts each row and gives the positions that its elements had. Equal elements keep their order. NaN counts as larger than
    /// every number, -0 as equal to 0. Of rows of more than 1024 elements a GPU sorts at most 2^31 - 256 elements.
    /// </summary>
    /// <param name="x">The values, shape (rows, columns).</param>
    /// <param name="values">Output: the sorted values, shape (rows, columns); absent if only the indices are wanted. They must
    /// not overlap x.</param>
    /// <param name="indices">Output: the column of each sorted value in x, shape (rows, columns).</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="descending">Whether the largest elements come first.</param>
    public void Sort(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows, int columns,
        bool descending = false) => SortRows(x, values, indices, rows, columns, descending, areIntegers: false);

    /// <summary>Sorts each row of integers, as
    /// <see cref="Sort(DeviceSpan{float}, DeviceSpan{float}, DeviceSpan{int}, int, int, bool)"/> does floats.</summary>
    public void Sort(DeviceSpan<int> x, DeviceSpan<int> values, DeviceSpan<int> indices, int rows, int columns,
        bool descending = false) =>
        SortRows(x.AsFloats(), values.AsFloats(), indices, rows, columns, descending, areIntegers: true);

    private void SortRows(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows, int columns,
        bool descending, bool areIntegers)
    {
        RowChecks.Check(nameof(Sort), nameof(x), x, rows, columns);
        RowChecks.CheckOptional(nameof(Sort), nameof(values), values, rows, columns);
        RowChecks.Check(nameof(Sort), nameof(indices), indices, rows, columns);
        if (rows > 0 && columns > 0)
            RunSort(x, values, indices, rows, columns, descending, areIntegers);
        KeepAlive((x, values, indices));
    }

    private protected abstract void RunSort(DeviceSpan<float> x, DeviceSpan<float> values, DeviceSpan<int> indices, int rows,
        int columns, bool descending, bool areIntegers);
}
