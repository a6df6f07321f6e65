using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// Finds kernels whose arguments, or the elements of their views, ILGPU may lay out in two ways. It takes two structs for one
/// type if they have the same numbers in the same order, however these are nested; so the second kernel that is compiled gets the
/// offsets of the first:
/// <code>
/// { { view, view, int }, int, int }   offsets  0  16  32   40  44   the inner struct is padded to a multiple of 8
/// { view, view, int, int, int }       offsets  0  16  32   36  40
/// </code>
/// A kernel would then read its last two arguments four bytes away from where they are. Structs whose nesting adds no padding are
/// safe.
/// </summary>
internal static class KernelLayout
{
    private const int ViewBytes = 16;
    private const int PointerBytes = 8;

    /// <summary>Returns an error about the first field whose place depends on the nesting, or null.</summary>
    internal static string? Fault(Type kernel)
    {
        var flat = 0;
        return Place(kernel, kernel.Name.Split('`')[0], 0, ref flat, out _);
    }

    /// <summary>Places a field at an offset and, as if nothing were nested, at a flat one.</summary>
    private static string? Place(Type type, string name, int offset, ref int flat, out int end)
    {
        if (Number(type) is var (bytes, alignment))
        {
            flat = Align(flat, alignment) + bytes;
            end = offset + bytes;
            return flat == end
                ? ElementFault(type, name)
                : $"the padding inside a nested struct moves {name} from byte {flat - bytes} to byte {offset}, and ILGPU confuses"
                    + " structs that differ in their nesting alone. Add an int to the nested struct, or do not nest it";
        }

        end = offset;
        foreach (var field in Fields(type))
        {
            if (Place(field.FieldType, $"{name}.{field.Name}", Align(end, Alignment(field.FieldType)), ref flat, out end)
                is { } fault)
                return fault;
        }

        end = Align(end, Alignment(type));
        return null;
    }

    /// <summary>Returns an error about the elements of a view, which are laid out as arguments are.</summary>
    private static string? ElementFault(Type type, string name)
    {
        var flat = 0;
        return IsView(type) ? Place(type.GetGenericArguments()[0], $"{name}[]", 0, ref flat, out _) : null;
    }

    private static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    private static int Alignment(Type type) =>
        Number(type)?.Alignment ?? Fields(type).Select(static f => Alignment(f.FieldType)).DefaultIfEmpty(1).Max();

    /// <summary>Returns the bytes and the alignment of what is not divided further.</summary>
    private static (int Bytes, int Alignment)? Number(Type type) => type switch
    {
        { IsEnum: true } => Number(type.GetEnumUnderlyingType()),
        _ when IsView(type) => (ViewBytes, PointerBytes),
        { IsPointer: true } => (PointerBytes, PointerBytes),
        { IsPrimitive: true } => Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean or TypeCode.Byte or TypeCode.SByte => (1, 1),
            TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Char => (2, 2),
            TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Single => (4, 4),
            _ => (8, 8),
        },
        _ when Fields(type).Length == 0 => (1, 1),
        _ => null,
    };

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A kernel uses its fields, so they are kept; ILGPU reads"
        + " the same ones.")]
    private static FieldInfo[] Fields(Type type) =>
    [
        .. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .OrderBy(static f => f.MetadataToken),
    ];

    private static int Align(int offset, int alignment) => (offset + alignment - 1) / alignment * alignment;
}
