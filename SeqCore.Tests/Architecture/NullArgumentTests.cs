using System.Reflection;
using System.Runtime.CompilerServices;
using SeqCore.Models;
using Module = SeqCore.Models.Module;

namespace SeqCore.Tests.Architecture;

/// <summary>Null for an argument that must not be null is named, wherever the public members let it in.</summary>
public class NullArgumentTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>A path at which nothing can be written, since a file cannot be a folder.</summary>
    private static readonly string Nowhere = Path.Combine(typeof(NullArgumentTests).Assembly.Location, "nowhere");

    public static TheoryData<Type> Types => [.. ((Type[])[typeof(Tensor), typeof(Variable), typeof(Module)])
        .SelectMany(t => t.Assembly.GetExportedTypes())
        .Where(t => !t.ContainsGenericParameters && !t.IsInterface && !typeof(Delegate).IsAssignableFrom(t))];

    [Theory, MemberData(nameof(Types))]
    public void Null_is_named(Type type)
    {
        using var scope = new TensorScope();
        var wrong = new List<string>();
        foreach (var (method, missing) in Required(type))
        {
            var arguments = method.GetParameters().Select(p => p == missing ? null : Example(p.ParameterType)).ToArray();
            var target = method.IsStatic || method is ConstructorInfo ? null : Example(type);
            try
            {
                _ = method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(target, arguments);
            }
            catch (TargetInvocationException e)
            {
                // What else may be wrong with the arguments is not the question here.
                if (e.InnerException is NullReferenceException)
                    wrong.Add($"{method}: {missing.Name}");
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Fact]
    public void Most_members_are_called() =>
        Types.Sum(row => Required(row.Data).Count()).Should().BeGreaterThan(500);

    /// <summary>The members that can be called with examples, with each parameter that must not be null.</summary>
    private static IEnumerable<(MethodBase Method, ParameterInfo Missing)> Required(Type type) =>
        from method in type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance
            | BindingFlags.DeclaredOnly).OfType<MethodBase>().Where(CanBeCalled)
        from parameter in method.GetParameters()
        where !parameter.ParameterType.IsValueType && Nullability.Create(parameter).ReadState != NullabilityState.Nullable
        select (method, parameter);

    private static bool CanBeCalled(MethodBase method) => !method.ContainsGenericParameters
        && !(method is ConstructorInfo && method.DeclaringType!.IsAbstract)
        && (method.IsStatic || method is ConstructorInfo || Example(method.DeclaringType!) is not null)
        && method.GetParameters() is { Length: > 0 } parameters
        && parameters.All(p => !p.ParameterType.IsByRef && !p.ParameterType.IsPointer && !p.ParameterType.IsByRefLike);

    private static object? Example(Type type, int depth = 2) => type switch
    {
        _ when type == typeof(Tensor) => Tensor.Ones([2, 2]),
        _ when type == typeof(Variable) => new Variable(Tensor.Ones([2, 2])),
        _ when type == typeof(IndexTensor) => IndexTensor.FromArray([0, 1]),
        _ when type == typeof(BoolTensor) => Tensor.Ones([2, 2]) > 0f,
        _ when type == typeof(Shape) => new Shape(2, 2),
        _ when type == typeof(Module) => new Linear(2, 2, new RandomGenerator(1)),
        _ when type == typeof(RandomGenerator) => new RandomGenerator(1),
        _ when type == typeof(string) => Nowhere,
        _ when type == typeof(int) => 1,
        _ when type == typeof(float) => 0.5f,
        _ when type == typeof(double) => 0.5,
        _ when type.IsValueType => RuntimeHelpers.GetUninitializedObject(type),
        _ when type.IsArray && type.GetArrayRank() == 1 => Array(type.GetElementType()!),
        _ when type.IsEnum || depth == 0 => null,
        _ when type.IsAbstract => Derived(type, depth),
        _ => Made(type, depth - 1),
    };

    private static object? Derived(Type type, int depth) => type.Assembly.GetExportedTypes()
        .Where(t => t.IsSubclassOf(type) && !t.ContainsGenericParameters && !t.IsAbstract)
        .Select(t => Example(t, depth - 1)).FirstOrDefault(x => x is not null);

    /// <summary>Makes an object with the first constructor that takes examples of its parameters.</summary>
    private static object? Made(Type type, int depth)
    {
        foreach (var constructor in type.GetConstructors().OrderBy(c => c.GetParameters().Length))
        {
            try
            {
                return constructor.Invoke([.. constructor.GetParameters().Select(p => Example(p.ParameterType, depth))]);
            }
            catch (TargetInvocationException)
            {
                // Another one may do.
            }
            catch (NotSupportedException)
            {
                // It takes a span.
            }
        }

        return null;
    }

    private static Array Array(Type element)
    {
        var array = System.Array.CreateInstance(element, 2);
        array.SetValue(Example(element), 0);
        array.SetValue(Example(element), 1);
        return array;
    }
}
