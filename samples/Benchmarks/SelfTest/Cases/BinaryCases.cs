using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore.Benchmarks;

/// <summary>Formulas of two elements with broadcasting, their derivatives, and the choice between two.</summary>
internal static class BinaryCases
{
    private static readonly (int Rows, int Columns) Small = (37, 53);
    private static readonly (int Rows, int Columns) Large = (8192, 4096);

    internal static IEnumerable<KernelCase> Create() =>
    [
        .. Both("add", default(AddOperation)),
        .. Both("subtract", default(SubtractOperation)),
        .. Both("multiply", default(MultiplyOperation)),
        .. Both("divide", default(DivideOperation), positive: true),
        .. Both("maximum", default(MaximumOperation)),
        .. Both("minimum", default(MinimumOperation)),
        .. Both("power", default(PowerOperation), positive: true),
        Forward("less", default(LessOperation), Small, false, "", [53, 1]),
        Forward("less or equal", default(LessOrEqualOperation), Small, false, "", [53, 1]),
        Forward("greater", default(GreaterOperation), Small, false, "", [53, 1]),
        Forward("greater or equal", default(GreaterOrEqualOperation), Small, false, "", [53, 1]),
        Forward("equal", default(EqualOperation), Small, false, "", [53, 1]),
        Forward("not equal", default(NotEqualOperation), Small, false, "", [53, 1]),
        .. from size in new[] { Small, Large }
           from variant in new[] { (Name: ", y a row", Strides: (int[])[0, 1]), (Name: ", y a column", Strides: [1, 0]),
               (Name: ", y transposed", Strides: [1, size.Rows]), (Name: ", y a number", Strides: [0, 0]) }
           select Forward("add", default(AddOperation), size, false, variant.Name, variant.Strides),
        Forward("add", default(AddOperation), Large, false, "", [Large.Columns, 1]),
        Backward("multiply", default(MultiplyOperation), Large, false, true, true),
        Backward("multiply", default(MultiplyOperation), Small, false, true, false),
        Backward("multiply", default(MultiplyOperation), Small, false, false, true),
        Where(Small, [Small.Columns, 1], ""),
        Where(Small, [0, 1], ", mask a row"),
        Where(Large, [Large.Columns, 1], ""),
    ];

    private static KernelCase[] Both<T>(string name, T operation, bool positive = false) where T : struct, IBinaryOperation =>
        [Forward(name, operation, Small, positive, "", [Small.Columns, 1]),
            Backward(name, operation, Small, positive, true, true)];

    private static KernelCase Forward<T>(string name, T operation, (int Rows, int Columns) size, bool positive, string variant,
        int[] strides) where T : struct, IBinaryOperation
    {
        var (rows, columns) = size;
        int count = rows * columns, other = 1 + (rows - 1) * strides[0] + (columns - 1) * strides[1];
        return new KernelCase("Binary", $"{name}, {Layouts.Sizes(rows, columns)}{variant}", Bounds.Elementwise, o =>
        {
            var (x, y, z) = (Values(o, count, positive), Values(o, other, positive), o.Result(count));
            return () => o.Backend.Binary(operation, Layouts.Dense(x, rows, columns),
                Layouts.Strided(y, [rows, columns], strides), Layouts.Dense(z, rows, columns));
        })
        { Bytes = Layouts.Floats(2.0 * count + other), IsLarge = size == Large };
    }

    private static KernelCase Backward<T>(string name, T operation, (int Rows, int Columns) size, bool positive, bool ofX,
        bool ofY) where T : struct, IBinaryOperation
    {
        var (rows, columns) = size;
        var count = rows * columns;
        return new KernelCase("BinaryGradient", $"{name}, {Layouts.Sizes(rows, columns)}{(ofX ? ofY ? "" : ", of x" : ", of y")}",
            Bounds.Elementwise, o =>
        {
            var (x, y) = (Layouts.Dense(Values(o, count, positive), rows, columns),
                Layouts.Dense(Values(o, count, positive), rows, columns));
            var (z, dZ) = (Layouts.Dense(o.Scratch(count), rows, columns), Layouts.Dense(o.Normal(count), rows, columns));
            var (dX, dY) = (ofX ? o.Result(count) : default, ofY ? o.Result(count) : default);
            o.Backend.Binary(operation, x, y, z);
            return () => o.Backend.BinaryGradient(operation, x, y, z, dZ, dX, dY);
        })
        { Bytes = Layouts.Floats((ofX && ofY ? 6.0 : 5.0) * count), IsLarge = size == Large };
    }

    private static KernelCase Where((int Rows, int Columns) size, int[] strides, string variant)
    {
        var (rows, columns) = size;
        int count = rows * columns, masks = 1 + (rows - 1) * strides[0] + (columns - 1) * strides[1];
        return new KernelCase("Where", $"{Layouts.Sizes(rows, columns)}{variant}", Bounds.Exact, o =>
        {
            var mask = o.Put(Array.ConvertAll(Inputs.Pattern(masks, 3), static i => i == 0 ? 0f : 1f));
            var (x, z, y) = (o.Normal(count), o.Normal(count), o.Result(count));
            return () => o.Backend.Where(Layouts.Strided(mask, [rows, columns], strides), Layouts.Dense(x, rows, columns),
                Layouts.Dense(z, rows, columns), Layouts.Dense(y, rows, columns));
        })
        { Bytes = Layouts.Floats(3.0 * count + masks), IsLarge = size == Large };
    }

    private static DeviceSpan<float> Values(KernelOperands o, int count, bool positive) =>
        positive ? o.Uniform(count, 0.5f, 3f) : o.Normal(count);
}
