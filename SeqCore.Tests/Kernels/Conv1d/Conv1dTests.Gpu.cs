using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Conv1d;

/// <summary>Sums over taps and rows are added in another order than on the CPU.</summary>
[Collection(GpuCollection.Name)]
public class Conv1dGpuTests
{
    public static TheoryData<int> Cases => Conv1dTests.Cases;

    [Theory, MemberData(nameof(Cases))]
    public void Devices_agree(int index)
    {
        var s = Conv1dTests.Shapes[index];
        foreach (var hasLengths in (bool[])[false, true])
        {
            using var pair = new DevicePair();
            var o = new Conv1dTests.Operands(s, hasLengths ? Conv1dTests.Lengths(s) : null);
            DevicePair.Operand x = pair.Put(o.X), w = pair.Put(o.Weight), bias = pair.Put(o.Bias), dY = pair.Put(o.DY);
            DevicePair.Operand y = pair.Output(o.DY.Length), dX = pair.Output(o.X.Length), dWeight = pair.Output(o.Weight.Length),
                dBias = pair.Output(o.Bias.Length);
            var lengths = o.Lengths is null ? null : pair.PutIndices(o.Lengths);
            pair.Run((backend, at) =>
            {
                var arguments = new Conv1dArguments
                {
                    Shape = s,
                    X = at[x],
                    Weight = at[w],
                    Bias = at[bias],
                    Lengths = at[lengths],
                    Y = at[y],
                };
                backend.Conv1d(arguments);
                backend.Conv1dGradient(arguments, new() { DY = at[dY], DX = at[dX], DWeight = at[dWeight], DBias = at[dBias] });
            });
            var what = $"{s}{(hasLengths ? ", lengths" : "")}";
            pair.ShouldAgree(y, 1e-5, 1e-5, $"y of {what}");
            pair.ShouldAgree(dX, 1e-5, 1e-5, $"dX of {what}");
            pair.ShouldAgree(dWeight, 1e-5, 3e-5, $"dWeight of {what}");
            pair.ShouldAgree(dBias, 1e-5, 3e-5, $"dBias of {what}");
        }
    }

    [Fact]
    public void What_lies_past_a_length_changes_nothing_and_a_wrong_length_is_reported_at_the_next_read()
    {
        using var pair = new DevicePair();
        var s = new Conv1dShape(2, 6, 3, 4, 3) { PaddingLeft = 2 };
        float[] values = Normal(36, 1), gradients = Normal(48, 2);
        Array.Fill(values, float.NaN, 9, 9);
        Array.Fill(gradients, float.NaN, 12, 12);
        DevicePair.Operand x = pair.Put(values), w = pair.Put(Normal(36, 3)), dY = pair.Put(gradients), y = pair.Output(48),
            dX = pair.Output(36), dWeight = pair.Output(36), dBias = pair.Output(4);
        var lengths = pair.PutIndices(3, 6);
        pair.Run((backend, at) =>
        {
            var arguments = new Conv1dArguments { Shape = s, X = at[x], Weight = at[w], Lengths = at[lengths], Y = at[y] };
            backend.Conv1d(arguments);
            backend.Conv1dGradient(arguments, new() { DY = at[dY], DX = at[dX], DWeight = at[dWeight], DBias = at[dBias] });
        });
        foreach (var result in (DevicePair.Operand[])[y, dX, dWeight, dBias])
        {
            pair.ShouldAgree(result, 1e-5, 1e-5);
            pair.Read(result).Should().NotContain(float.NaN);
        }

        var wrong = pair.PutIndices(3, 7);
        pair.Gpu.Conv1d(new() { Shape = s, X = x.OnGpu, Weight = w.OnGpu, Lengths = wrong.OnGpu, Y = y.OnGpu });
        FluentActions.Invoking(() => pair.Read(y)).Should().Throw<ArgumentException>()
            .WithMessage("Conv1d: lengths should lie in [0, T] = [0, 6]; that of row 1 is 7.");
    }
}
