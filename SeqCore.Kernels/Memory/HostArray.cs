using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Makes .NET arrays whose length depends on callers or data, with a readable error for those that cannot be made.
/// </summary>
public static class HostArray
{
    /// <summary>Makes an array of zeros.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="what">What needs the memory; an error begins with it.</param>
    /// <param name="length">The number of elements, at least 0.</param>
    /// <exception cref="SizeLimitException">There are more elements than an array can hold.</exception>
    /// <exception cref="DeviceMemoryException">There is not enough memory.</exception>
    public static T[] New<T>(string what, long length) where T : unmanaged
    {
        SizeLimitException.CheckArray(what, length);
        try
        {
            return new T[length];
        }
        catch (OutOfMemoryException full)
        {
            throw DeviceMemoryException.OfProcess(what, length * Unsafe.SizeOf<T>(), full);
        }
    }

    /// <summary>Makes an array of zeros for the rows of a matrix.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="what">What needs the memory; an error begins with it.</param>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <param name="columns">The number of columns, at least 0.</param>
    /// <param name="hint">The advice on what to make smaller, as a sentence.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    /// <exception cref="SizeLimitException">The matrix would have more elements than an array can hold.</exception>
    /// <exception cref="DeviceMemoryException">There is not enough memory.</exception>
    public static T[] NewRows<T>(string what, int rows, int columns, string hint = "Make one of the sizes smaller.")
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        return New<T>(what, SizeLimitException.Product(what, rows, columns, hint));
    }

    /// <summary>Makes a matrix of zeros.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="what">What needs the memory; an error begins with it.</param>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <param name="columns">The number of columns, at least 0.</param>
    /// <exception cref="SizeLimitException">There are more elements than an array can hold.</exception>
    /// <exception cref="DeviceMemoryException">There is not enough memory.</exception>
    public static T[,] NewMatrix<T>(string what, int rows, int columns) where T : unmanaged
    {
        SizeLimitException.CheckArray(what, (long)rows * columns);
        try
        {
            return new T[rows, columns];
        }
        catch (OutOfMemoryException full)
        {
            throw DeviceMemoryException.OfProcess(what, (long)rows * columns * Unsafe.SizeOf<T>(), full);
        }
    }
}
