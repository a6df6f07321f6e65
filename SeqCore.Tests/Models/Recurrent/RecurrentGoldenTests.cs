using System.Text.Json;
using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Recurrent;

public class RecurrentGoldenTests
{
    private const float Tolerance = 1e-5f;

    public static TheoryData<string> Cases => [.. Golden.Read("recurrent.json").EnumerateObject().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_and_gradients_are_those_of_PyTorch_with_its_weights(string name)
    {
        var golden = Golden.Read("recurrent.json").GetProperty(name);
        var tensors = golden.GetProperty("tensors").EnumerateObject().ToDictionary(t => t.Name, t => t.Value.ToTensor());
        using var layer = Layer(golden, tensors);
        layer.LoadStateDictionary(tensors.Where(t => t.Key.StartsWith("weight", StringComparison.Ordinal)
            || t.Key.StartsWith("bias", StringComparison.Ordinal)).ToDictionary());
        using var lengths = golden.GetProperty("lengths") is { ValueKind: JsonValueKind.Array } l
            ? IndexTensor.FromSpan(l.Integers(), new Shape(3))
            : null;
        var x = new Variable(tensors["x"], requiresGradient: true);
        var (h0, c0) = (States(tensors, "h0"), States(tensors, "c0"));

        using var tape = new Tape();
        var (y, end) = layer.Forward(x, h0 is null ? null : new RecurrentState(h0, c0), lengths);
        y.Value.ShouldBeCloseTo(tensors["y"], Tolerance, "y");
        Compare(end.Hidden, v => v.Value, tensors["hn"], "hn");
        var loss = (y * tensors["dy"]).Sum() + (Variable.Stack([.. end.Hidden]) * tensors["dhn"]).Sum();
        if (layer is Lstm)
        {
            Compare(end.Cell, v => v.Value, tensors["cn"], "cn");
            loss += (Variable.Stack([.. end.Cell]) * tensors["dcn"]).Sum();
        }

        tape.Backward(loss);
        x.Gradient!.ShouldBeCloseTo(tensors["dx"], Tolerance, "dx");
        if (h0 is not null)
            Compare(h0, v => v.Gradient!, tensors["dh0"], "dh0");
        if (c0 is not null)
            Compare(c0, v => v.Gradient!, tensors["dc0"], "dc0");
        foreach (var (key, parameter) in layer.NamedParameters())
            parameter.Gradient!.ShouldBeCloseTo(tensors["d" + key], Tolerance, "d" + key);
    }

    private static RecurrentLayer Layer(JsonElement golden, Dictionary<string, Tensor> tensors)
    {
        var options = new RecurrentLayerOptions
        {
            Layers = golden.GetProperty("layers").GetInt32(),
            Bidirectional = golden.GetProperty("bidirectional").GetBoolean(),
            Bias = golden.GetProperty("bias").GetBoolean(),
            Nonlinearity = golden.GetProperty("nonlinearity").GetString() == "relu"
                ? RecurrentActivation.Relu
                : RecurrentActivation.Tanh,
            ProjectionSize = golden.TryGetProperty("projection", out var projection) ? projection.GetInt32() : 0,
        };
        var last = tensors.GetValueOrDefault("cn") ?? tensors["hn"];
        var (inputSize, hiddenSize, random) = (tensors["x"].Shape[2], last.Shape[2], new RandomGenerator(1));
        return golden.GetProperty("kind").GetString() switch
        {
            "rnn" => new Rnn(inputSize, hiddenSize, random, options),
            "lstm" => new Lstm(inputSize, hiddenSize, random, options),
            _ => new Gru(inputSize, hiddenSize, random, options),
        };
    }

    private static Variable[]? States(Dictionary<string, Tensor> tensors, string name) =>
        tensors.TryGetValue(name, out var all)
            ? [.. Enumerable.Range(0, all.Shape[0]).Select(i => new Variable(all.Select(0, i).Copy(), requiresGradient: true))]
            : null;

    private static void Compare(IReadOnlyList<Variable> actual, Func<Variable, Tensor> of, Tensor expected, string name)
    {
        actual.Count.Should().Be(expected.Shape[0], name);
        for (var i = 0; i < actual.Count; i++)
            of(actual[i]).ShouldBeCloseTo(expected.Select(0, i), Tolerance, $"{name}[{i}]");
    }
}
