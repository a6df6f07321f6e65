using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Makes arrays of .NET whose length callers or data decide, so that one that cannot be made has an error in words.
/// </summary>
public static class HostArray
{
    /// <summary>An array of zeros.</summary>
    /// <typeparam name="T">Its elements.</typeparam>
    /// <param name="what">What needs it, the beginning of an error.</param>
    /// <param name="length">At least 0.</param>
    /// <exception cref="SizeLimitException">It is more than an array can have.</exception>
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

    /// <summary>An array of zeros for the rows of a matrix.</summary>
    /// <typeparam name="T">Its elements.</typeparam>
    /// <param name="what">What needs it, the beginning of an error.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">How many.</param>
    /// <param name="hint">What to make smaller, a sentence.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="SizeLimitException">They have more elements than an array can have.</exception>
    /// <exception cref="DeviceMemoryException">There is not enough memory.</exception>
    public static T[] NewRows<T>(string what, int rows, int columns, string hint = "Make one of the sizes smaller.")
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        return New<T>(what, SizeLimitException.Product(what, rows, columns, hint));
    }

    /// <summary>A matrix of zeros.</summary>
    /// <typeparam name="T">Its elements.</typeparam>
    /// <param name="what">What needs it, the beginning of an error.</param>
    /// <param name="rows">At least 0.</param>
    /// <param name="columns">At least 0.</param>
    /// <exception cref="SizeLimitException">It is more than an array can have.</exception>
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
