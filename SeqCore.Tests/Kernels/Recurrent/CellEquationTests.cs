namespace SeqCore.Tests.Kernels.Recurrent;

/// <summary>The equations of the cells, which are written over lanes, against their plain definition.</summary>
public class CellEquationTests
{
    public static TheoryData<string> Kinds => [.. Enum.GetNames<CellKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Equations_over_double_are_those_of_the_definition(string kind)
    {
        var random = new Random(3);
        var cell = TestCell.Of(Enum.Parse<CellKind>(kind));
        for (var i = 0; i < 200; i++)
        {
            double[] a = Numbers(cell.Gates), b = Numbers(cell.Gates), states = Numbers(2);
            var candidates = new List<double>();
            var expected = cell.Definition([.. a.Select(v => (double[])[v])], Recurrent, [states[0]], [states[1]]);
            var (hidden, next) = cell.Step(a, b, states[0], states[1]);
            hidden.Should().BeApproximately(expected.H[0], 1e-7);
            next.Should().BeApproximately(expected.C[0], 1e-7);
            if (cell.ResetsFirst)
                cell.Reset(a, b, states[0]).Should().BeApproximately(candidates[^1], 1e-12);

            double[] Recurrent(int gate, double[] v)
            {
                candidates.Add(v[0]);
                return [b[gate]];
            }
        }

        // Wide enough for the ends of a hard sigmoid.
        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 8) - 4)];
    }
}
