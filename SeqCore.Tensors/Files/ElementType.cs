using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SeqCore;

/// <summary>The types of the numbers in files; in memory there are only float32 and int32.</summary>
public enum ElementType
{
    /// <summary>32-bit floating point, the type in memory.</summary>
    Float32,

    /// <summary>16-bit floating point (IEEE 754 half precision).</summary>
    Float16,

    /// <summary>16-bit floating point: the upper half of a float32.</summary>
    BFloat16,

    /// <summary>64-bit floating point.</summary>
    Float64,

    /// <summary>A boolean: one byte, 0 or 1.</summary>
    Boolean,

    /// <summary>8-bit signed integer.</summary>
    Int8,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8,

    /// <summary>16-bit signed integer.</summary>
    Int16,

    /// <summary>16-bit unsigned integer.</summary>
    UInt16,

    /// <summary>32-bit signed integer, the type in memory.</summary>
    Int32,

    /// <summary>32-bit unsigned integer.</summary>
    UInt32,

    /// <summary>64-bit signed integer.</summary>
    Int64,

    /// <summary>64-bit unsigned integer.</summary>
    UInt64,
}

/// <summary>Returns the sizes of element types and converts elements from little-endian bytes.</summary>
internal static class ElementTypes
{
    internal static int Size(this ElementType type) => type switch
    {
        ElementType.Boolean or ElementType.Int8 or ElementType.UInt8 => 1,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        _ => 8,
    };

    internal static bool IsInteger(this ElementType type) => type >= ElementType.Boolean;

    /// <summary>Returns whether float32 represents every value of the type exactly.</summary>
    internal static bool FitsFloat32(this ElementType type) =>
        type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16;

    /// <summary>Converts elements to the nearest float32.</summary>
    internal static void Convert(ElementType type, Span<byte> source, Span<float> destination)
    {
        ToHostOrder(source, type.Size());
        switch (type)
        {
            case ElementType.Float32: MemoryMarshal.Cast<byte, float>(source).CopyTo(destination); break;
            case ElementType.Float16: Convert<Half>(source, destination); break;
            case ElementType.BFloat16: ConvertBFloat16(source, destination); break;
            case ElementType.Float64: Convert<double>(source, destination); break;
            case ElementType.Int8: Convert<sbyte>(source, destination); break;
            case ElementType.Boolean or ElementType.UInt8: Convert<byte>(source, destination); break;
            case ElementType.Int16: Convert<short>(source, destination); break;
            case ElementType.UInt16: Convert<ushort>(source, destination); break;
            case ElementType.Int32: Convert<int>(source, destination); break;
            case ElementType.UInt32: Convert<uint>(source, destination); break;
            case ElementType.Int64: Convert<long>(source, destination); break;
            case ElementType.UInt64: Convert<ulong>(source, destination); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    /// <summary>Converts integers to int32; returns the first value that int32 cannot represent, as text, or null.</summary>
    internal static string? Convert(ElementType type, Span<byte> source, Span<int> destination)
    {
        ToHostOrder(source, type.Size());
        return type switch
        {
            ElementType.Int8 => Convert<sbyte>(source, destination),
            ElementType.Boolean or ElementType.UInt8 => Convert<byte>(source, destination),
            ElementType.Int16 => Convert<short>(source, destination),
            ElementType.UInt16 => Convert<ushort>(source, destination),
            ElementType.Int32 => Convert<int>(source, destination),
            ElementType.UInt32 => Convert<uint>(source, destination),
            ElementType.Int64 => Convert<long>(source, destination),
            ElementType.UInt64 => Convert<ulong>(source, destination),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
        };
    }

    private static void Convert<T>(ReadOnlySpan<byte> source, Span<float> destination) where T : unmanaged, INumberBase<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(source);
        for (var i = 0; i < values.Length; i++)
            destination[i] = float.CreateTruncating(values[i]);
    }

    private static string? Convert<T>(ReadOnlySpan<byte> source, Span<int> destination) where T : unmanaged, IBinaryInteger<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(source);
        for (var i = 0; i < values.Length; i++)
        {
            destination[i] = int.CreateTruncating(values[i]);
            if (T.CreateTruncating(destination[i]) != values[i] || T.IsNegative(values[i]) != (destination[i] < 0))
                return values[i].ToString(null, CultureInfo.InvariantCulture);
        }

        return null;
    }

    private static void ConvertBFloat16(ReadOnlySpan<byte> source, Span<float> destination)
    {
        var values = MemoryMarshal.Cast<byte, ushort>(source);
        for (var i = 0; i < values.Length; i++)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)values[i] << 16);
    }

    private static void ToHostOrder(Span<byte> bytes, int size)
    {
        if (!BitConverter.IsLittleEndian)
            ReverseEach(bytes, size);
    }

    /// <summary>Reverses the bytes of each element.</summary>
    internal static void ReverseEach(Span<byte> bytes, int size)
    {
        for (var i = 0; i < bytes.Length; i += size)
            bytes.Slice(i, size).Reverse();
    }
}
