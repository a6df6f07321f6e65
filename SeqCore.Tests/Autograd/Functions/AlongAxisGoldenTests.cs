using System.Text.Json;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Autograd.Functions;

/// <summary>Operations along an axis on permuted views, with the results and gradients of PyTorch.</summary>
public class AlongAxisGoldenTests
{
    private static readonly JsonElement[] Cases = [.. Golden.Read("along_axis.json").EnumerateArray()];

    public static TheoryData<string> Operations => [.. Cases.Select(Name).Distinct()];

    [Theory, MemberData(nameof(Operations))]
    public void Results_and_gradients_are_those_of_PyTorch(string operation)
    {
        var cases = Cases.Where(c => Name(c) == operation).ToList();
        cases.Should().HaveCountGreaterThan(3);
        foreach (var golden in cases)
            Check(operation, golden);
    }

    private static void Check(string operation, JsonElement golden)
    {
        using var tape = new Tape();
        var x = new Variable(golden.GetProperty("x").ToTensor(), requiresGradient: true);
        var source = golden.TryGetProperty("source", out var given)
            ? new Variable(given.ToTensor(), requiresGradient: true)
            : null;
        var (y, indices) = Run(operation, x.Permute(golden.GetProperty("order").Integers()), source, golden);
        if (golden.TryGetProperty("indicesOut", out var places))
            ShouldBe(indices!, places);
        if (y is null)
        {
            ShouldBe(indices!, golden.GetProperty("y"));
            return;
        }

        ShouldBe(y.Value, golden.GetProperty("y"));
        tape.Backward(y, golden.GetProperty("dY").ToTensor());
        ShouldBe(x.Gradient!, golden.GetProperty("dX"));
        if (source is not null)
            ShouldBe(source.Gradient!, golden.GetProperty("dSource"));
    }

    private static (Variable? Y, IndexTensor? Indices) Run(string operation, Variable x, Variable? source, JsonElement golden)
    {
        int Number(string name) => golden.GetProperty(name).GetInt32();
        int[] Numbers(string name) => golden.GetProperty(name).Integers();
        IndexTensor Indices() => IndexTensor.FromSpan(golden.GetProperty("indices").GetProperty("values").Integers(),
            golden.GetProperty("indices").GetProperty("shape").Integers());
        return operation switch
        {
            "GatherAlong" => (x.GatherAlong(Indices(), Number("axis")), null),
            "Gather" => (x.Gather(Indices(), Number("axis")), null),
            "ScatterAlong" => (x.ScatterAlong(Indices(), source!, Number("axis")), null),
            "ScatterAddAlong" => (x.ScatterAddAlong(Indices(), source!, Number("axis")), null),
            "Flip" => (x.Flip(Numbers("axes")), null),
            "CumulativeSum" => (x.CumulativeSum(Number("axis")), null),
            "CumulativeProduct" => (x.CumulativeProduct(Number("axis")), null),
            "LowerTriangle" => (x.LowerTriangle(Number("diagonal")), null),
            "UpperTriangle" => (x.UpperTriangle(Number("diagonal")), null),
            "Pad" => (x.Pad([.. Numbers("padding").Chunk(2).Select(p => (p[0], p[1]))], golden.GetProperty("value").GetSingle()),
                null),
            "Tile" => (x.Tile(Numbers("counts")), null),
            "Repeat" => (x.Repeat(Number("count"), Number("axis")), null),
            "Roll" => (x.Roll(Number("shift"), Number("axis")), null),
            "Product" => (x.Product(Number("axis")), null),
            "Sort" => x.Sort(Number("axis"), golden.GetProperty("descending").GetBoolean()),
            "ArgMaxLast" => (null, x.Value.ArgMax(Number("axis"), last: true)),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "no such operation"),
        };
    }

    private static void ShouldBe(Tensor actual, JsonElement golden)
    {
        actual.Shape.Should().Equal(golden.GetProperty("shape").Integers());
        actual.ToArray().Should().Equal(golden.GetProperty("values").Floats(),
            (a, b) => Math.Abs(a - b) <= 1e-6f * (1 + Math.Abs(b)));
    }

    private static void ShouldBe(IndexTensor actual, JsonElement golden)
    {
        actual.Shape.Should().Equal(golden.GetProperty("shape").Integers());
        actual.ToArray().Should().Equal(golden.GetProperty("values").Integers());
    }

    private static string Name(JsonElement golden) => golden.GetProperty("operation").GetString()!;
}
